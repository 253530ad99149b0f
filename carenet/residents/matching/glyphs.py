"""Variants of one character in names (異体字), each row under the form that stands for all.

The first of a row is the form of the table of common kanji (常用漢字表, Cabinet Notice 2 of 2010), or
the usual one where that table has none. The others are the traditional forms which it gives in
parentheses, those of the annexed table 2 of the Enforcement Regulation of the Family Register Act
(戸籍法施行規則 別表第二), and forms that family registers hold beside them (髙, 﨑, 邉, 齊 …). One
form that stands for several characters (斎 and 斉 are two by the book) brings people together whom
offices confuse: a search shows one too many rather than one too few.

Only what occurs in names of people and places is here. What Unicode itself calls compatible (神
U+FA19) and variation sequences (葛 with U+E0100) are folded without a table.
"""

ROWS = """\
高髙 崎﨑嵜碕 辺邉邊 斎齋斉齊斊 沢澤 浜濱濵 広廣 島嶋嶌 富冨 吉𠮷 桜櫻 国國圀
関關 恵惠 栄榮 来來 万萬 亀龜 竜龍 滝瀧 桧檜 桑桒 柳栁桺 船舩 鉄鐵鐡銕 塩鹽
野埜 条條 県縣 区區 円圓 学學斈 実實 宝寶寳 寿壽 壱壹 巌巖 徳德 悦悅 慎愼
晃晄 会會 伝傳 仏佛 倹儉 児兒 剣劍劔 労勞 励勵 勲勛 単單 厳嚴 収收 双雙 叙敍
坂阪 増增 壮壯 奥奧 嬢孃 将將 専專 尭堯 峰峯 巣巢 帯帶 弥彌 弐貳 応應 戸戶
払拂 抜拔 拝拜 挙擧 捜搜 携攜 数數 旧舊 昼晝 暁曉 松枩 栃橡杤 槙槇 検檢 楽樂
様樣 横橫 檪櫟 歩步 歳歲 毎每 涙淚 渇渴 渓溪 温溫 湾灣 満滿 瀬瀨 灯燈 炉爐
焼燒 獣獸 瑶瑤 穂穗 禄祿 禅禪 礼禮 秋秌穐 稲稻 穣穰 糸絲 緑綠 縁緣 縄繩 総總
芦蘆 芸藝 茎莖 荘莊 蔵藏 薗園 薫薰 薬藥 蛍螢 覚覺 観觀 誉譽 豊豐 転轉 軽輕
遥遙 郎郞 郷鄕 醸釀 鋭銳 鎮鎭 陥陷 隠隱 隣鄰 霊靈 静靜 頼賴 顔顏 駅驛 騒騷
験驗 鶏鷄 麦麥 黄黃 黒黑 黙默 点點 歯齒
"""


def _variants() -> dict[int, str]:
    """Return each variant's code point with the form that stands for it."""
    return {ord(other): row[0] for row in ROWS.split() for other in row[1:]}


VARIANTS = _variants()
