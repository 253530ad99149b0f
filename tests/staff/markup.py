"""A page without the layout of its template."""

import re

_AROUND_TAGS = re.compile(r"\s*([<>])\s*")


def without_layout(page: str) -> str:
    """Return the page with one space for any whitespace, and with none beside a tag."""
    return _AROUND_TAGS.sub(r"\1", " ".join(page.split()))
