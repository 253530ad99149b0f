"""The Ministry's file, as people typed it: what is read from it, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carenet.areas.open_data import BrokenFile, Office, OpenData, closing_rule, read
from tests.areas.published import COLUMNS, a_file, a_row

#: Eight lines of eight files, each with one cell that was typed badly; the source stands beside them.
PUBLISHED = Path(__file__).parent / "data" / "care_offices_one_bad_cell.csv"


def the_office(*rows: dict[str, str]) -> Office:
    data = read(a_file(*rows))
    assert not data.refusals, [str(refusal.reason) for refusal in data.refusals]
    (office,) = data.offices
    return office


def reasons(data: OpenData) -> list[tuple[int, str]]:
    return [(refusal.line, str(refusal.reason)) for refusal in data.refusals]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    (office,) = read(a_file(a_row(事業所名="髙橋の家"), encoding=encoding)).offices
    assert office.name == "髙橋の家"


def test_one_number_is_one_office_with_its_services() -> None:
    office = the_office(a_row(), a_row(サービスの種類="通所介護", 定員="30"))
    assert [service.name for service in office.services] == ["訪問入浴介護", "通所介護"]
    assert [service.capacity for service in office.services] == [12, 30]
    assert office.lines == (2, 3)


def test_codes_and_telephones_become_half_width() -> None:
    office = the_office(
        a_row(
            事業所番号="１４Ｂ９９００１１９",
            電話番号="０４５－０００－０１０１",
            FAX番号="045 000‐0102",
        )
    )
    assert office.number == "14B9900119"
    assert (office.phone, office.fax) == ("045-000-0101", "045000-0102")


def test_names_keep_their_glyphs_and_lose_stray_space() -> None:
    office = the_office(
        a_row(事業所名="　ＬＬＴ  サ－ビス 　髙\n", 法人の名称="葛\U000e0100城　会 ")
    )
    assert office.name == "ＬＬＴ サ－ビス　髙"
    assert office.corporation == "葛\U000e0100城　会"


def test_decomposed_kana_are_composed() -> None:
    assert the_office(a_row(事業所名="カ\u3099ーテ\u3099ン")).name == "ガーデン"


def test_a_building_that_the_address_repeats_is_said_once() -> None:
    office = the_office(
        a_row(**{"住所": "港北区菊名9-9みほんビル2階", "方書（ビル名等）": "みほんビル2階"})
    )
    assert (office.address, office.building) == ("港北区菊名9-9", "みほんビル2階")


def test_coordinates_are_rounded_to_what_they_are_worth() -> None:
    office = the_office(a_row())
    assert (office.latitude, office.longitude) == (Decimal("35.513686"), Decimal("139.627201"))


def test_what_was_not_said_stays_unsaid() -> None:
    office = the_office(a_row(緯度="", 経度="", 定員="0", 電話番号="", 法人番号="", URL=""))
    assert (office.latitude, office.services[0].capacity, office.phone) == (None, None, "")
    assert office.corporate_number is None


def test_an_address_of_the_web_gets_its_beginning() -> None:
    assert the_office(a_row(URL="www.example.jp/a")).url == "http://www.example.jp/a"


def test_line_breaks_of_a_note_become_real_ones() -> None:
    office = the_office(a_row(利用可能曜日特記事項="日曜定休。（改行）\r\n年末年始は休み"))
    assert office.services[0].weekdays_note == "日曜定休。\n年末年始は休み"


def test_what_most_lines_say_of_an_office_is_taken() -> None:
    said = ["みほん港北", "みほん　港北", "みほん　港北"]
    services = ["訪問入浴介護", "通所介護", "短期入所"]
    rows = [a_row(事業所名=n, サービスの種類=s) for n, s in zip(said, services, strict=True)]
    assert the_office(*rows).name == "みほん　港北"


def test_a_line_without_a_corporate_number_does_not_contradict() -> None:
    office = the_office(a_row(法人番号=""), a_row(サービスの種類="通所介護"))
    assert office.corporate_number == "1999999000011"


@pytest.mark.parametrize(
    ("stated", "weekdays", "on_holidays"),
    [
        (["平日"], (5, 6), True),
        (["平日,祝日"], (5, 6), False),
        (["平日,土曜日"], (6,), True),
        (["平日,土曜日,日曜日,祝日"], (), False),
        (["平日", "土曜日,日曜日"], (), True),
        (["月曜日,水曜日"], (1, 3, 4, 5, 6), True),
    ],
)
def test_the_closing_days_follow_from_the_weekdays_of_all_services(
    stated: list[str], weekdays: tuple[int, ...], on_holidays: bool
) -> None:
    rule = closing_rule(stated)
    assert (rule.weekdays, rule.on_holidays) == (weekdays, on_holidays)


@pytest.mark.parametrize("cell", ["月水金?", "平日,第2土曜", "要問合せ"])
def test_days_in_words_of_their_own_are_a_cell_that_is_left_empty(cell: str) -> None:
    data = read(a_file(a_row(利用可能曜日=cell)))
    [office] = data.offices
    assert (office.services[0].weekdays, *office.services[0].unread) == ("", "weekdays")
    assert [str(each.reason) for each in data.gaps] == [f"利用可能曜日 cannot be read: “{cell}”."]


@pytest.mark.parametrize("stated", [[], [""], ["祝日"], ["第2土曜"]])
def test_office_days_are_assumed_where_none_are_stated(stated: list[str]) -> None:
    rule = closing_rule(stated)
    assert (rule.weekdays, rule.on_holidays) == ((5, 6), True)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"事業所番号": ""}, "事業所番号"),
        ({"事業所番号": "123"}, "事業所番号"),
        ({"事業所名": "　"}, "事業所名"),
        ({"サービスの種類": ""}, "サービスの種類"),
        ({"都道府県コード又は市町村コード": "141091"}, "都道府県コード又は市町村コード"),
        ({"事業所名": "あ" * 201}, "事業所名"),
    ],
)
def test_a_line_that_cannot_be_kept_is_refused_by_column(
    cells: dict[str, str], column: str
) -> None:
    data = read(a_file(a_row(**cells), a_row(事業所番号="1479900027")))
    ((line, reason),) = reasons(data)
    assert line == 2
    assert column in reason
    assert [office.number for office in data.offices] == ["1479900027"]


@pytest.mark.parametrize(
    ("column", "cell", "field", "left"),
    [
        ("法人番号", "1.02E+12", "corporate_number", None),
        ("法人の名称", "あ" * 201, "corporation", ""),
        ("事業所名カナ", "カ" * 201, "name_kana", ""),
        ("住所", "町" * 301, "address", ""),
        ("電話番号", "事務室", "phone", ""),
        ("電話番号", "(045)540)1111", "phone", ""),
        ("FAX番号", "なし", "fax", ""),
        ("緯度", "北緯35度", "latitude", None),
        ("経度", "35.5", "longitude", None),
        ("URL", "javascript:alert(1)", "url", ""),
        ("URL", "https:/www.example.jp", "url", ""),
        ("URL", "作成中", "url", ""),
    ],
)
def test_any_other_cell_that_cannot_be_read_is_left_empty_and_named(
    column: str, cell: str, field: str, left: object
) -> None:
    data = read(
        a_file(a_row(), a_row(サービスの種類="通所介護", 事業所番号="1479900027") | {column: cell})
    )
    assert not data.refusals
    assert getattr(data.offices[1], field) == left
    assert [(gap.line, column in str(gap.reason)) for gap in data.gaps] == [(3, True)]


@pytest.mark.parametrize(("column", "cell"), [("定員", "多数"), ("利用可能曜日", "あ" * 101)])
def test_a_cell_of_a_service_that_cannot_be_read_is_left_empty_and_named(
    column: str, cell: str
) -> None:
    data = read(a_file(a_row() | {column: cell}))
    assert (len(data.offices), len(data.refusals)) == (1, 0)
    assert column in str(data.gaps[0].reason)


@pytest.mark.parametrize(
    "written",
    [
        "（０９８２）５０－１００７",
        "(0982)50-1007",
        "0982(50)1007",
        "０９８２－５０－１００７",
        "(0982) 50 - 1007",
    ],
)
def test_an_area_code_in_brackets_makes_an_ordinary_number(written: str) -> None:
    assert the_office(a_row(電話番号=written)).phone == "0982-50-1007"


def test_no_office_of_the_published_lines_is_lost_for_one_bad_cell() -> None:
    data = read(PUBLISHED.read_bytes())
    assert (len(data.offices), len(data.refusals)) == (8, 0)


def test_a_line_with_a_cell_too_many_is_refused() -> None:
    data = read(a_file(a_row()) + b"141097,x\r\n")
    assert [line for line, _reason in reasons(data)] == [3]


def test_a_service_that_is_repeated_is_refused_and_the_first_one_kept() -> None:
    data = read(a_file(a_row(定員="12"), a_row(定員="30")))
    assert [line for line, _reason in reasons(data)] == [3]
    assert data.offices[0].services[0].capacity == 12


@pytest.mark.parametrize(
    "other",
    [
        {"法人番号": "2999999000028"},
        {"都道府県コード又は市町村コード": "141003"},
        {"事業所名": "別の家", "電話番号": "045-000-9999", "住所": "港北区日吉9"},
    ],
)
def test_lines_that_contradict_each_other_are_all_refused(other: dict[str, str]) -> None:
    rows = [a_row(), a_row(**({"サービスの種類": "通所介護"} | other))]
    data = read(a_file(*rows, a_row(事業所番号="1479900027")))
    assert [line for line, _reason in reasons(data)] == [2, 3]
    assert [office.number for office in data.offices] == ["1479900027"]


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    rows = [a_row(利用可能曜日特記事項="一\n二\r\n三"), a_row(事業所番号="x"), a_row(事業所番号="")]
    content = a_file(*rows).replace(b"\r\n141097,1479900019", b"\r\n\r\n141097,1479900019", 1)
    data = read(content)
    assert data.offices[0].lines == (3,)
    assert [line for line, _reason in reasons(data)] == [6, 7]


def test_empty_records_are_passed_over() -> None:
    data = read(a_file(a_row()) + b",,,\r\n\r\n")
    assert (len(data.offices), data.refusals) == (1, ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not name the columns"),
        (b"\xff\xfe\x00\x01", "does not name the columns"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"\xef\xbb\xbf" + "事業所".encode("cp932"), "UTF-8"),
        (b"PK\x03\x04\x00\x00", "UTF-8"),
        ("氏名,年齢\r\n花子,80\r\n".encode(), "does not name the columns"),
        (a_file(a_row(), columns=[c for c in COLUMNS if c != "定員"]), "定員"),
        (a_file(a_row(), columns=[*COLUMNS, "定員"]), "定員"),
        (a_file(), "no lines"),
        (a_file(a_row()) + b'"141097,\r\n', "line 3"),
        (a_file(a_row()) + b'"a"b,\r\n', "line 3"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(BrokenFile, match=said):
        read(content)


@given(st.binary(max_size=200), st.integers(0, 10_000), st.integers(0, 200))
def test_no_damage_is_more_than_a_refusal(junk: bytes, at: int, length: int) -> None:
    whole = a_file(a_row(), a_row(サービスの種類="通所介護"), a_row(事業所番号="1479900027"))
    try:
        data = read(whole[:at] + junk + whole[at + length :])
    except BrokenFile:
        return
    assert data.offices or data.refusals
