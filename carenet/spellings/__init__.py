"""What two ways of writing the same have in common: names, kana, phones, addresses.

Pure functions. What is stored keeps its glyphs; these keys stand beside it, and whatever somebody types
is folded in the same way before the two are compared.
"""

from carenet.spellings.folding import (
    RULES,
    fold_address,
    fold_kana,
    fold_name,
    fold_number,
    fold_phone,
    place_of,
    read_number,
    same_place,
)
from carenet.spellings.patterns import is_insured_number, is_kana, is_phone
from carenet.spellings.unseen import (
    in_one_line,
    says_nothing,
    without_misleading,
    without_unseen,
)

__all__ = [
    "RULES",
    "fold_address",
    "fold_kana",
    "fold_name",
    "fold_number",
    "fold_phone",
    "in_one_line",
    "is_insured_number",
    "is_kana",
    "is_phone",
    "place_of",
    "read_number",
    "same_place",
    "says_nothing",
    "without_misleading",
    "without_unseen",
]
