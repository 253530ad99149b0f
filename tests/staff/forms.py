"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

#: What somebody would type where something has to be said.
TYPED = "記録のことば"
KINDS = {"date": "2026-12-24", "datetime-local": "2026-12-24T10:00", "number": "60"}


@dataclass
class PageForm:
    """A form that is posted: where to, its key, and what it sends when its first button is pressed."""

    action: str
    given: dict[str, list[str]] = field(default_factory=dict)
    pressed: bool = False

    @property
    def key(self) -> str:
        return self.given.get("once", [""])[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.area = ""
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at: dict[str, Any] = dict(attrs)
        if tag == "form" and at.get("method") == "post":
            self.form = PageForm(at.get("action", ""))
            self.forms.append(self.form)
        form, name = self.form, at.get("name", "")
        if form is None:
            return
        if tag == "input":
            self._input(form, at, name)
        elif tag == "textarea":
            self.area = name
            form.given[name] = [TYPED]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in at or (at.get("value") and not form.given.get(self.select)):
                form.given[self.select] = [at.get("value", "")]
        elif tag == "button" and not form.pressed and _sends(at):
            form.pressed = True
            if name:
                form.given[name] = [at.get("value", "")]

    @staticmethod
    def _input(form: PageForm, at: dict[str, Any], name: str) -> None:
        kind = at.get("type", "text")
        if kind in {"radio", "checkbox"}:
            if "checked" in at or (name not in form.given and "required" in at):
                form.given.setdefault(name, []).append(at.get("value", "on"))
        elif kind != "file":
            usual = KINDS.get(kind, TYPED) if "required" in at else ""
            form.given.setdefault(name, []).append(at.get("value", usual) or usual)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""


def _sends(button: dict[str, Any]) -> bool:
    return "formnovalidate" not in button and button.get("type") != "button"


def forms_in(page: str) -> list[PageForm]:
    """Return the forms of a page that are posted, in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
