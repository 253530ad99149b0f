"""Characters that nobody sees: copied from web pages, they are no part of what is meant."""

from __future__ import annotations

import re
import unicodedata

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), which no renderer shows,
# without the variation selectors, and the blank of Braille.
_BLANK = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    "\U000e01f0-\U000e0fff"
)
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
#: What is neither seen nor parts one word from another. Line breaks, tabs and spaces do.
UNSEEN = re.compile(f"[{_BLANK}{_CONTROLS}]+")
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
#: What turns the order of the characters beside it (UAX #9), spells something that nobody sees (tags,
#: annotations), steers a terminal, or is no character at all. Tabs, line breaks and NUL are not in it.
MISLEADING = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"
    f"\U000e0000-\U000e007f{_NO_CHARACTERS}]+"
)
#: Variation selectors (IVS among them) choose a shape, not another character.
SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# What begins a new line, and the tab, which begins a new cell.
_BREAKS = re.compile("\\s*[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]\\s*")


def without_unseen(text: str) -> str:
    """Return text without the characters that nobody sees; spaces and variation selectors stay."""
    return UNSEEN.sub("", text)


def without_misleading(text: str) -> str:
    """Return text without what shows it otherwise than it is, and what is no character."""
    return MISLEADING.sub("", text)


def says_nothing(text: str) -> bool:
    """Whether no eye finds anything in a text: it is empty, blank, or of unseen characters alone."""
    rest = SELECTORS.sub("", without_unseen(text))
    # An accent has to stand on something.
    return all(char.isspace() or unicodedata.category(char) in {"Mn", "Me"} for char in rest)


def in_one_line(text: str) -> str:
    """Return text with each line break or tab as one space: a name is one line."""
    return _BREAKS.sub(" ", text)
