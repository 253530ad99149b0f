"""`docs/architecture.md`: rooms, furniture and registries."""

from __future__ import annotations

from launch.paths import PROJECT
from tests.docs.pages import DOCS, names_in, table, text_of
from tests.docs.source import layers


def test_the_rooms_are_those_of_the_import_contract() -> None:
    rooms = [names_in(row["room"])[0] for row in table("architecture.md", "room", "holds")]
    there = {each.stem for each in (PROJECT / "carenet").iterdir()}
    in_order = [room for layer in layers(0) for room in sorted(layer) if room in there]
    assert rooms == in_order


def test_the_furniture_is_that_of_the_import_contract() -> None:
    rows = [names_in(row["file"]) for row in table("architecture.md", "file", "holds")]
    assert [{name.removesuffix(".py").removesuffix("/") for name in row} for row in rows] == layers(
        1
    )


def test_every_registry_is_told_of() -> None:
    page = text_of(DOCS / "architecture.md")
    registries = (PROJECT / "carenet").glob("*/registry.py")
    assert all(each.relative_to(PROJECT).as_posix() in page for each in registries)
