"""Folding: the key under which one way of writing and another come together; how numbers are written."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import jaconv

from carenet.spellings.invisible_characters import SELECTORS, without_unseen

#: The tables by name, each with its source, its count, and its rows: the usual form, then the others.
TABLES = tomllib.loads(Path(__file__).with_name("variants.toml").read_text(encoding="utf-8"))


def _variants() -> dict[int, str]:
    """Return each variant's code point with the form that stands for it, rows of all tables joined."""
    stands_for: dict[str, str] = {}

    def standing(char: str) -> str:
        while (above := stands_for.get(char, char)) != char:
            char = above
        return char

    for table in TABLES.values():
        for row in table["rows"].split():
            usual, *others = (unicodedata.normalize("NFKC", char) for char in row)
            for other in others:
                one, two = standing(usual), standing(other)
                if one != two:
                    stands_for[two] = one
    return {ord(char): standing(char) for char in stands_for}


VARIANTS = _variants()


# A voiced mark that stands alone would become a space and a combining one.
_MARKS = {ord("゛"): "\u3099", ord("゜"): "\u309a", ord("ﾞ"): "\u3099", ord("ﾟ"): "\u309a"}
_VOICED = "\u3099"
_NO_LETTERS = re.compile(r"[\s・·‧•･,.、。'’]+")

HYPHENS = "-‐‑‒–—―−─━ー－ｰ~〜～"
_ANY_HYPHEN = f"[{re.escape(HYPHENS)}]"
# Two family names are joined by any of them: サントス-ロペス, サントス＝ロペス.
_JOINED = re.compile(f"[{re.escape(HYPHENS)}=＝゠]")
_LONG = re.compile(f"(?<=[ァ-ヺー]){_ANY_HYPHEN}")
_SAME_SOUND = str.maketrans("ヂヅヲヰヱヵヶヮ", "ジズオイエカケワ")
#: By the vowel in which a kana ends: the kana that only lengthen it.
_LENGTHENED = [
    re.compile("(?<=[アカサタナハマヤラワガザダバパ])[アー]"),
    re.compile("(?<=[イキシチニヒミリギジビピ])[イー]"),
    re.compile("(?<=[ウクスツヌフムユルグズブプヴ])[ウー]"),
    re.compile("(?<=[エケセテネヘメレゲゼデベペ])[エイー]"),
    re.compile("(?<=[オコソトノホモヨロゴゾドボポ])[オウー]"),
]
# Between two characters kana are particles, which every office writes in its own way.
_CHARACTER = "[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_PARTICLES = (
    (re.compile(f"(?<={_CHARACTER})[ケガ](?={_CHARACTER})"), "ケ"),
    (re.compile(f"(?<={_CHARACTER})ノ(?={_CHARACTER})"), "の"),
)

#: Raise it with every change of what is folded how: keys that older rules made are then made again.
RULES = 2
#: Where keys are cut: some characters fold into a dozen, and an index takes so much.
LONGEST = 300

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_KANJI = f"[{''.join(_DIGITS)}{''.join(_TENS)}]{{1,6}}"
# Between two numbers a space or a stop says that they are two: 1-2 301 is not 1-2301.
_BETWEEN_NUMBERS = re.compile(r"(?<=[0-9])[\s・,.、。#/]+(?=[0-9])")
# Numerals are numbers only where an address counts: 三ツ沢 and 八丁畷 keep theirs.
_COUNTED = re.compile(f"{_KANJI}(?=丁目|番|号|{_ANY_HYPHEN})")
_AFTER_A_NUMBER = re.compile(f"(?<=[0-9]-){_KANJI}(?![^-0-9])")
_COUNTERS = re.compile(f"(?<=[0-9])(?:丁目|番地[のノ]?|番|号室?|[のノ](?=[0-9])|{_ANY_HYPHEN})")
_ONE_MORE = f"(?=[0-9{''.join(_DIGITS)}{''.join(_TENS)}])"
_BLOCK_COUNTERS = re.compile(f"(?<=[0-9])(?:番地?[のノ]?|号室?|[のノ]{_ONE_MORE})")
_DASH = re.compile(f"(?<=[0-9]){_ANY_HYPHEN}{_ONE_MORE}|{_ANY_HYPHEN}(?=[0-9])")
_SEVERAL = re.compile("-{2,}")
# Up to here an address says in which municipality it is.
_MUNICIPALITY_ENDS = re.compile("^[^0-9]*[都道府県市区郡](?=.)")
# A prefecture, a city, a ward; a district with its town.
_BEFORE = re.compile(
    "(?:[^0-9]{1,3}[都道府県])?(?:[^0-9]{1,6}郡[^0-9]{1,6}[町村])?(?:[^0-9]{1,7}市)?(?:[^0-9]{1,6}区)?"
)
# What follows the number itself: 内線12, (内12), ext. 12, #12.
_EXTENSION = re.compile(r"(?<=[0-9])[\s(,;]*(?:内線?|EXT|X|#|転送).*", re.DOTALL)


def fold_name(text: str) -> str:
    """Return a name as all its spellings share it: 髙橋 and 高橋, みすゞ and ミスズ."""
    return _JOINED.sub("-", _spelled(text))[:LONGEST]


def fold_kana(text: str) -> str:
    """Return kana in one script and width, small ones large, however a long vowel is written.

    オオノ, おーの and ｵｳﾉ are one; オノ is another.
    """
    kana = _LONG.sub("ー", _in_one_script(_plain(text)))
    for lengthened in _LENGTHENED:
        kana = lengthened.sub("ー", kana)
    return _JOINED.sub("ー", kana)[:LONGEST]


def fold_phone(text: str) -> str:
    """Return the digits of a phone number, +81 written as the 0 that it stands for.

    An extension is no part of the number.
    """
    plain = unicodedata.normalize("NFKC", without_unseen(text)).upper().strip()
    plain = _EXTENSION.sub("", plain)
    digits = re.sub(r"[^0-9]", "", plain)
    national = f"0{digits[2:].removeprefix('0')}" if plain.startswith("+81") else digits
    return national[:LONGEST]


def fold_number(text: str) -> str:
    """Return an insured person's number: its letters and digits, in one width."""
    return re.sub(r"[\W_ー]", "", _plain(text))[:LONGEST]


def fold_address(text: str) -> str:
    """Return an address with its counting as 1-2-3: 一丁目2番3号 and １－２－３ are one."""
    parted = _BETWEEN_NUMBERS.sub("-", unicodedata.normalize("NFKC", without_unseen(text)))
    plain = _COUNTED.sub(lambda found: str(_number(found[0])), _spelled(parted))
    plain = _SEVERAL.sub("-", _COUNTERS.sub("-", plain))
    plain = _AFTER_A_NUMBER.sub(lambda found: str(_number(found[0])), plain)
    return plain.strip("-")[:LONGEST]


def fold_town(text: str) -> str:
    """Return the name of a town, or an address with it, as all its spellings share it.

    大曾根台 is 大曽根台, 錦ヶ丘 is 錦が丘. Counted numerals are digits, what counts them stays.
    """
    parted = _BETWEEN_NUMBERS.sub("-", unicodedata.normalize("NFKC", without_unseen(text)))
    plain = _COUNTED.sub(lambda found: str(_number(found[0])), _spelled(parted))
    return _DASH.sub("-", plain)


def fold_count(text: str) -> str:
    """Return what follows a folded town with its numbers as 1-2-3: 3番地の5 and 3の五 are one.

    丁目 stays: a chōme that is said in so many words is one.
    """
    plain = _SEVERAL.sub("-", _BLOCK_COUNTERS.sub("-", text))
    return _AFTER_A_NUMBER.sub(lambda found: str(_number(found[0])), plain)


def place_of(address: str) -> str:
    """Return of a folded address what comes behind the municipality: under this others are found."""
    return _MUNICIPALITY_ENDS.sub("", address)


def same_place(one: str, other: str) -> bool:
    """Whether two folded addresses are one, where either leaves out the municipality or part of it."""
    short, long = sorted((one, other), key=len)
    before = long.removesuffix(short)
    return bool(short) and (one == other or bool(_BEFORE.fullmatch(before) and before != long))


def _plain(text: str) -> str:
    """Return text without width, variation, spaces and stops, in capitals; nothing unseen counts."""
    marked = SELECTORS.sub("", without_unseen(text.translate(_MARKS)))
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", marked)).upper()


def _spelled(text: str) -> str:
    """Return plain text with one form of each character, its kana in one script, particles alike."""
    spelled = _in_one_script(_plain(text).translate(VARIANTS))
    for particle, usual in _PARTICLES:
        spelled = particle.sub(usual, spelled)
    return spelled


def _in_one_script(plain: str) -> str:
    """Return kana as katakana, all of them large, repetition written out: ちゞみ is チジミ."""
    kana = _repeated(jaconv.enlarge_smallkana(jaconv.hira2kata(plain)))
    return kana.translate(_SAME_SOUND)


def _repeated(text: str) -> str:
    """Return text with each mark of repetition (々 ゝ ゞ) as what it repeats."""
    written: list[str] = []
    for char in text:
        if written and char in "々〻":
            written.append(written[-1])
        elif written and char in "ヽヾゝゞ":
            bare = unicodedata.normalize("NFD", written[-1])[0]
            voiced = unicodedata.normalize("NFC", bare + _VOICED) if char in "ヾゞ" else bare
            written.append(voiced[0])
        else:
            written.append(char)
    return "".join(written)


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


FEWEST_DIGITS = 3  # 110 and 119 are numbers, too.
_CHARACTERS = "々〆ぁ-ゖァ-ヺー\u3400-\u4dbf\u4e00-\u9fff"
#: What stands beside a number in Latin letters: which line it is, how to get through.
_LINES = re.compile("TEL|FAX|PHS|EXT|X(?=[0-9 ])")
_PHONE = re.compile(rf"[0-9+()\[\]./,:;#*&\s・、。{re.escape(HYPHENS)}{_CHARACTERS}]*")
_KANA = re.compile(rf"[ぁ-ゖ゙-ゟァ-ヿ\s・.,=＝゠'’{re.escape(HYPHENS)}]*")
_INSURED_NUMBER = re.compile("[0-9A-Z][0-9]{9}")


def is_phone(text: str) -> bool:
    """Whether a text gives a telephone number, perhaps with a word in Japanese on whose it is."""
    plain = _LINES.sub("", unicodedata.normalize("NFKC", without_unseen(text)).upper())
    digits = sum(char.isdigit() for char in plain)
    return digits >= FEWEST_DIGITS and _PHONE.fullmatch(plain) is not None


def is_kana(text: str) -> bool:
    """Whether a text is in kana, of either script and width, with what joins and parts names."""
    return _KANA.fullmatch(unicodedata.normalize("NFKC", without_unseen(text))) is not None


def is_insured_number(text: str) -> bool:
    """Whether a text is a number of the care insurance: ten digits, the first may be a letter.

    Those on public assistance who are not insured have numbers that begin with H.
    """
    return _INSURED_NUMBER.fullmatch(fold_number(text)) is not None
