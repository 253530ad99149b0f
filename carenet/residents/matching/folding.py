"""Folding: the key under which one way of writing and another come together."""

from __future__ import annotations

import re
import unicodedata

import jaconv

from carenet.residents.matching.glyphs import VARIANTS

# Variation selectors (IVS among them) choose a shape, not another character.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# A voiced mark that stands alone would become a space and a combining one.
_MARKS = {ord("゛"): "\u3099", ord("゜"): "\u309a", ord("ﾞ"): "\u3099", ord("ﾟ"): "\u309a"}
_NO_LETTERS = re.compile(r"[\s・･,.、。'’]+")

_HYPHENS = "-‐‑‒–—―−ー－ｰ─━~〜～"
_LONG = re.compile(f"(?<=[ァ-ヺー])[{re.escape(_HYPHENS)}]")
_SAME_SOUND = str.maketrans("ヂヅヲヰヱヵヶヮ", "ジズオイエカケワ")
#: By the vowel in which a kana ends: the kana that only lengthen it.
_LENGTHENED = [
    re.compile("(?<=[アカサタナハマヤラワガザダバパ])[アー]"),
    re.compile("(?<=[イキシチニヒミリギジビピ])[イー]"),
    re.compile("(?<=[ウクスツヌフムユルグズブプヴ])[ウー]"),
    re.compile("(?<=[エケセテネヘメレゲゼデベペ])[エイー]"),
    re.compile("(?<=[オコソトノホモヨロゴゾドボポ])[オウー]"),
]

#: Where keys are cut: some characters fold into a dozen, and an index takes so much.
LONGEST = 300

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_KANJI = f"[{''.join(_DIGITS)}{''.join(_TENS)}]{{1,6}}"
# Numerals are numbers only where an address counts: 三ツ沢 and 八丁畷 keep theirs.
_COUNTED = re.compile(f"{_KANJI}(?=丁目|番|号|[{re.escape(_HYPHENS)}])")
_AFTER_A_NUMBER = re.compile(f"(?<=[0-9]-){_KANJI}(?![^-0-9])")
_COUNTERS = re.compile(f"(?<=[0-9])(?:丁目|番地の?|番|号室?|の(?=[0-9])|[{re.escape(_HYPHENS)}])")
_SEVERAL = re.compile("-{2,}")


def fold_name(text: str) -> str:
    """Return a name as all its spellings share it: 髙橋 and 高橋, with or without a space."""
    return _plain(text).translate(VARIANTS)[:LONGEST]


def fold_kana(text: str) -> str:
    """Return kana in one script and width, small ones large, however a long vowel is written.

    オオノ, おーの and ｵｳﾉ are one; オノ is another.
    """
    kana: str = jaconv.hira2kata(_plain(text))
    kana = jaconv.enlarge_smallkana(_LONG.sub("ー", kana)).translate(_SAME_SOUND)
    for lengthened in _LENGTHENED:
        kana = lengthened.sub("ー", kana)
    return kana[:LONGEST]


def fold_phone(text: str) -> str:
    """Return the digits of a phone number, +81 written as the 0 that it stands for."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[^0-9]", "", plain)
    national = f"0{digits[2:].removeprefix('0')}" if plain.startswith("+81") else digits
    return national[:LONGEST]


def fold_number(text: str) -> str:
    """Return an insured person's number: its letters and digits, in one width."""
    return re.sub(r"[\W_ー]", "", unicodedata.normalize("NFKC", text)).upper()[:LONGEST]


def fold_address(text: str) -> str:
    """Return an address with its counting as 1-2-3: 一丁目2番3号 and １－２－３ are one."""
    plain = _plain(text).translate(VARIANTS).replace("ヶ", "ケ").replace("ヵ", "カ")
    plain = _COUNTED.sub(lambda found: str(_number(found[0])), plain)
    plain = _SEVERAL.sub("-", _COUNTERS.sub("-", plain))
    plain = _AFTER_A_NUMBER.sub(lambda found: str(_number(found[0])), plain)
    return plain.strip("-")[:LONGEST]


def _plain(text: str) -> str:
    """Return text without width, variation, spaces and stops, in capitals."""
    marked = _SELECTORS.sub("", text.translate(_MARKS))
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", marked)).upper()


def _number(kanji: str) -> int:
    """Return 二十六 and 二六 as 26, 百五 as 105."""
    if not set(kanji) & _TENS.keys():
        return int("".join(str(_DIGITS[char]) for char in kanji))
    total, current = 0, 0
    for char in kanji:
        if char in _DIGITS:
            current = _DIGITS[char]
        else:
            total, current = total + (current or 1) * _TENS[char], 0
    return total + current


def read_number(text: str) -> int:
    """Return a number in digits or kanji; 元 is the first. Raises `ValueError` for anything else."""
    if text == "元":
        return 1
    if re.fullmatch(_KANJI, text):
        return _number(text)
    return int(text)
