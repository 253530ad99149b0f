"""The pages, their tables, and the names in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.paths import PROJECT

DOCS = PROJECT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(PROJECT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
]
every_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix()
)

FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")

Table = list[dict[str, str]]


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def tables(text: str) -> Iterator[Table]:
    """Return the tables of a text, each row by the heads of its columns."""
    for block in re.findall(r"(?:^ *\|.*\n)+", FENCE.sub("", text), re.MULTILINE):
        lines = [line.strip()[1:-1].split("|") for line in block.splitlines()]
        heads, _rule, *rows = [[cell.strip() for cell in line] for line in lines]
        yield [dict(zip(heads, row, strict=True)) for row in rows]


def table(page: str, *heads: str) -> Table:
    """Return the rows of the page's tables with these heads."""
    found = [each for each in tables(text_of(DOCS / page)) if tuple(each[0]) == heads]
    assert found, f"{page} has no table with the columns {heads}"
    return [row for each in found for row in each]


def names_in(cell: str) -> list[str]:
    return INLINE.findall(cell)


def names_on(page: Path) -> set[str]:
    """Return what stands in backticks on a page, outside of blocks of code."""
    return set(names_in(FENCE.sub("", text_of(page))))
