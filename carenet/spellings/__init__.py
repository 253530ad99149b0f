"""What two ways of writing the same have in common: names, kana, phones, addresses.

Pure functions. What is stored keeps its glyphs; these keys stand beside it, and whatever somebody types
is folded in the same way before the two are compared.
"""

from carenet.spellings.dates import ERAS, Born, is_unknown, read_birth, read_day
from carenet.spellings.invisible_characters import (
    in_one_line,
    says_nothing,
    without_misleading,
    without_unseen,
)
from carenet.spellings.normalization import (
    RULES,
    fold_address,
    fold_count,
    fold_kana,
    fold_name,
    fold_number,
    fold_phone,
    fold_town,
    is_insured_number,
    is_kana,
    is_phone,
    place_of,
    read_number,
    same_place,
)

__all__ = [
    "ERAS",
    "RULES",
    "Born",
    "fold_address",
    "fold_count",
    "fold_kana",
    "fold_name",
    "fold_number",
    "fold_phone",
    "fold_town",
    "in_one_line",
    "is_insured_number",
    "is_kana",
    "is_phone",
    "is_unknown",
    "place_of",
    "read_birth",
    "read_day",
    "read_number",
    "same_place",
    "says_nothing",
    "without_misleading",
    "without_unseen",
]
