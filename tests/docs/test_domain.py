"""`docs/domain.md` and `docs/glossary.md`: codes and terms."""

from __future__ import annotations

import pkgutil
import re

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.utils.translation import override

from tests.docs.pages import DOCS, Table, names_in, table, tables, text_of


def code_lists() -> list[tuple[str, Table]]:
    page = text_of(DOCS / "domain.md")
    found = re.findall(r"^`([\w.]+)`\n\n((?:\|.*\n)+)", page, re.MULTILINE)
    return [(path, next(tables(block))) for path, block in found]


@pytest.mark.parametrize(("path", "rows"), code_lists(), ids=[path for path, _ in code_lists()])
def test_a_code_list_is_that_of_the_code(path: str, rows: Table) -> None:
    codes: type[TextChoices] = pkgutil.resolve_name(path)
    meant = []
    for code in codes:
        said = []
        for language in ("ja", "en"):
            with override(language):
                said.append(str(code.label))
        meant.append([*said, f"`{code.value}`"])
    assert [list(row.values()) for row in rows] == meant


def test_every_table_of_the_database_has_its_line_in_the_glossary() -> None:
    lines = list(table("glossary.md", "term", "日本語", "in one line"))
    terms = [name for row in lines for name in names_in(row["term"])]
    models = {
        model.__name__
        for app in apps.get_app_configs()
        if app.name.startswith("carenet.")
        for model in app.get_models()
    }
    assert not models - set(terms)
    assert len(terms) == len(set(terms))
    assert all(row["日本語"] and row["in one line"] for row in lines)
