"""What two ways of writing the same have in common: names, kana, dates, phones, addresses.

Pure functions. What is stored of a person keeps its glyphs; these keys stand beside it, and whatever
somebody types is folded in the same way before the two are compared.
"""

from carenet.residents.matching.births import Born, is_unknown, read_birth
from carenet.residents.matching.crowd import Crowd
from carenet.residents.matching.folding import (
    fold_address,
    fold_kana,
    fold_name,
    fold_number,
    fold_phone,
)
from carenet.residents.matching.likeness import LIKELY, LISTED, Likeness, Reason, Traits, compare

__all__ = [
    "LIKELY",
    "LISTED",
    "Born",
    "Crowd",
    "Likeness",
    "Reason",
    "Traits",
    "compare",
    "fold_address",
    "fold_kana",
    "fold_name",
    "fold_number",
    "fold_phone",
    "is_unknown",
    "read_birth",
]
