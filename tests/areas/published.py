"""Open data files, as few words as a test needs: a row is a good one but for what is said."""

from __future__ import annotations

import csv
import io

COLUMNS = [
    "都道府県コード又は市町村コード",
    "No",
    "都道府県名",
    "市区町村名",
    "事業所名",
    "事業所名カナ",
    "サービスの種類",
    "住所",
    "方書（ビル名等）",
    "緯度",
    "経度",
    "電話番号",
    "FAX番号",
    "法人番号",
    "法人の名称",
    "事業所番号",
    "利用可能曜日",
    "利用可能曜日特記事項",
    "定員",
    "URL",
    "高齢者の方と障害者の方が同時一体的に利用できるサービス",
    "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている",
    "備考",
]

GOOD = {
    "都道府県コード又は市町村コード": "141097",
    "No": "1479900019",
    "都道府県名": "神奈川県",
    "市区町村名": "横浜市港北区",
    "事業所名": "みほん　港北",
    "事業所名カナ": "ミホン　コウホク",
    "サービスの種類": "訪問入浴介護",
    "住所": "神奈川県横浜市港北区大豆戸町999-1",
    "緯度": "35.513686300000020",
    "経度": "139.627201099999980",
    "電話番号": "045-000-0101",
    "FAX番号": "045-000-0102",
    "法人番号": "1999999000011",
    "法人の名称": "株式会社みほん",
    "事業所番号": "1479900019",
    "利用可能曜日": "平日,土曜日,祝日",
    "定員": "12",
    "URL": "https://example.jp/",
}


def a_row(**cells: str) -> dict[str, str]:
    return GOOD | cells


def a_file(
    *rows: dict[str, str], encoding: str = "utf-8-sig", columns: list[str] = COLUMNS
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)
