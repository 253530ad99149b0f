"""How much two descriptions of a person have in common: names, kana, dates, phones, addresses.

Pure functions on folded keys (`carenet.spellings`), and how dates of birth are read.
"""

from carenet.residents.matching.score import (
    LIKELY,
    LISTED,
    Crowd,
    Likeness,
    Reason,
    Traits,
    compare,
)
from carenet.spellings import (
    Born,
    fold_address,
    fold_kana,
    fold_name,
    fold_number,
    fold_phone,
    is_unknown,
    read_birth,
)

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
