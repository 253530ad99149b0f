"""Variants of one character in names (異体字): which form stands for all.

The forms come whole from published tables, `variants.toml` beside this file, which names the source of
each. What Unicode itself calls compatible (神 U+FA19) and variation sequences (葛 with U+E0100) are
folded without a table.
"""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

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
