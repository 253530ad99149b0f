"""JSON pointers (RFC 6901): where in a body something is."""

from __future__ import annotations


def below(pointer: str, name: object) -> str:
    """Return the pointer to a member of what `pointer` points to, by its name or index."""
    token = str(name).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{token}"


def at(path: str) -> str:
    """Return the pointer that a domain error's path means: `plan/goal` or `/plan/goal`."""
    return f"/{path.removeprefix('/')}" if path else ""
