"""How telephone numbers, kana and numbers of the insurance are written at all."""

from __future__ import annotations

import re
import unicodedata

from carenet.spellings.invisible_characters import without_unseen
from carenet.spellings.normalization import HYPHENS, fold_number

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
