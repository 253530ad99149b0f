"""What a person reads when the demo is up: the address, and who can sign in."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

ACCOUNT_COLUMNS = {
    "username": "利用者 / username",
    "password": "パスワード / password",
    "agency": "所属 / agency",
    "role": "役割 / role",
}
PAGE_COLUMNS = {
    "page": "画面 / pages",
    "address": "アドレス / address",
    "username": "利用者 / username",
    "password": "パスワード / password",
}
# One below the other: a secret is too long for a table.
CLIENT_LINES = ("agency", "client_id", "client_secret", "scopes")
# Wide and full-width characters take two cells of a terminal.
WIDE = "WF"


def welcome(file: Path) -> str:
    """Tell the accounts, the clients and the addresses of the demo, from the file it wrote.

    What one needs first comes last: that is what a terminal still shows.
    """
    demo = json.loads(file.read_text(encoding="utf-8"))
    return "\n\n".join(
        (
            table(ACCOUNT_COLUMNS, demo["accounts"]),
            "連携システム / API clients",
            *map(_client, demo["clients"]),
            table(PAGE_COLUMNS, demo["pages"]),
            f"準備ができました / ready: {demo['base_url']}",
        )
    )


def written_address(file: Path) -> str | None:
    """Read the address for which the demo wrote its file; None when there is no such file."""
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["base_url"])
    except (OSError, ValueError, KeyError):
        return None


def _client(client: dict[str, object]) -> str:
    width = max(map(len, CLIENT_LINES))
    return "\n".join(f"  {name:<{width}}  {_cell(client[name])}" for name in CLIENT_LINES)


def table(columns: dict[str, str], rows: Iterable[dict[str, object]]) -> str:
    """Rows under headings, aligned by the width of the characters on screen."""
    lines = [list(columns.values())]
    lines += [[_cell(row[key]) for key in columns] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(_line(line, widths) for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in WIDE) for character in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()
