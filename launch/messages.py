"""What the code says to people, and its Japanese: `python3 run.py messages`.

Msgids are English and stand in the code; this gathers them into `carenet/locale/ja/…/django.po`
with the translations that are there already, and compiles `django.mo`. What is new is left empty
and named: write its Japanese into the .po and run this again. What the code no longer says is
dropped, and shown once more with its Japanese, for whoever only changed its words.

Some errors of Django REST framework have no Japanese of their own: they are translated here too.
"""

import ast
import gettext
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import rest_framework
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT

ROOMS = ("carenet", "config")
DRF = Path(rest_framework.__file__).parent
#: The modules of the framework whose errors reach whoever calls the API.
DRF_ERRORS = ("exceptions", "fields", "relations", "serializers", "validators")
PO = PROJECT / "carenet" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
COMMENT = "# Written by `python3 run.py messages`; only the msgstr lines are changed by hand."
#: Nothing that differs from one run, machine or version of Babel to the next.
HEADERS = [
    ("Project-Id-Version", "carenet"),
    ("Language", "ja"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit\n"),
]
_PLAIN, _PLURAL = ("msgid",), ("msgid", "plural")
#: What the first arguments of Django's functions are.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "gettext": _PLAIN,
    "gettext_lazy": _PLAIN,
    "gettext_noop": _PLAIN,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": ("context", *_PLAIN),
    "pgettext_lazy": ("context", *_PLAIN),
    "npgettext": ("context", *_PLURAL),
    "npgettext_lazy": ("context", *_PLURAL),
}

#: What a template may say, and how.
TEMPLATE_TAG = re.compile(r"{%\s*(?:blocktrans(?:late)?|trans(?:late)?)\b.*?%}")
TEMPLATE_TEXT = re.compile(
    r'{% translate "(?P<msgid>[^"]+)"(?: context "(?P<context>[^"]+)")?(?: as \w+)? %}'
)

Key = tuple[str, str | Sequence[str]]


class Translations(Catalog):
    """A catalogue for Japanese, the same however often it is written."""

    def __init__(self) -> None:
        super().__init__(locale="ja", header_comment=COMMENT, fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return HEADERS


@dataclass(frozen=True)
class Text:
    """One msgid where it stands in the code."""

    context: str | None
    msgid: str | tuple[str, str]
    place: str


def messages_of_code() -> Iterator[Text]:
    """Every msgid of our own code, in the order of the files."""
    for room in ROOMS:
        for file in sorted((PROJECT / room).rglob("*.py")):
            place = file.relative_to(PROJECT).as_posix()
            for call in _calls(file):
                said = call.said(place)
                if said is None:
                    raise LaunchError(
                        f"{place}:{call.line}: 翻訳する文は文字列で書いてください。",
                        f"{place}:{call.line}: what is to be translated must be a plain string.",
                    )
                yield said
        for file in sorted((PROJECT / room).rglob("templates/**/*.html")):
            place = file.relative_to(PROJECT).as_posix()
            yield from _messages_of_template(file.read_text(encoding="utf-8"), place)


def _messages_of_template(text: str, place: str) -> Iterator[Text]:
    """Read the one form that templates use; sentences with values in them are made in the view."""
    for tag in TEMPLATE_TAG.findall(text):
        found = TEMPLATE_TEXT.fullmatch(tag)
        if found is None:
            raise LaunchError(
                f'{place}: {{% translate "…" %}} の形で書いてください: {tag}',
                f'{place}: write {{% translate "…" %}}, not {tag}',
            )
        yield Text(found["context"], found["msgid"], place)


def messages_of_framework() -> Iterator[Text]:
    """The framework's errors that its own Japanese leaves out."""
    own = gettext.translation("django", DRF / "locale", languages=["ja"])
    for name in DRF_ERRORS:
        for call in _calls(DRF / f"{name}.py"):
            said = call.said(f"rest_framework/{name}.py")
            if said and isinstance(said.msgid, str) and own.gettext(said.msgid) == said.msgid:
                yield said


@dataclass(frozen=True)
class _Call:
    """A call of one of the functions above; None stands for an argument that is no string."""

    function: str
    arguments: tuple[str | None, ...]
    line: int
    column: int

    def said(self, place: str) -> Text | None:
        wanted = FUNCTIONS[self.function]
        given = {
            name: string for name, string in zip(wanted, self.arguments, strict=False) if string
        }
        if len(given) < len(wanted):
            return None
        msgid = given["msgid"]
        plural = given.get("plural")
        return Text(given.get("context"), (msgid, plural) if plural else msgid, place)


def _calls(file: Path) -> list[_Call]:
    """Read a module's syntax tree: unlike Babel's own reader, it sees into f-strings."""
    tree = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = {
        alias.asname or alias.name: alias.name
        for node in tree
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }
    calls = [
        _Call(name, tuple(map(_string, node.args)), node.lineno, node.col_offset)
        for node in tree
        if isinstance(node, ast.Call) and (name := _function(node.func, names))
    ]
    return sorted(calls, key=lambda call: (call.line, call.column))


def _function(called: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(called, ast.Name):
        return names.get(called.id)
    if isinstance(called, ast.Attribute) and called.attr in FUNCTIONS:
        return called.attr
    return None


def _string(argument: ast.expr) -> str | None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def gathered(known: Catalog) -> Translations:
    """Return what is said now, with the translations that are known."""
    result = Translations()
    for said in (*messages_of_code(), *messages_of_framework()):
        before = known.get(said.msgid, said.context)
        result.add(
            said.msgid,
            before.string if before else "",
            locations=[(said.place, 0)],
            flags={"fuzzy"} if before and before.fuzzy else (),
            user_comments=before.user_comments if before else (),
            context=said.context,
        )
    return result


def written() -> Translations:
    """Return what stands in the .po."""
    result = Translations()
    if PO.exists():
        with PO.open("rb") as file:
            found = read_po(file, locale="ja", abort_invalid=True)
        for message in _without_header(found):
            result[message.id] = message
        result.obsolete = found.obsolete
    return result


def as_po(catalog: Catalog) -> bytes:
    """Return the .po: no line numbers, no dates, no folded lines, so that a diff shows words."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue().rstrip() + b"\n"


def as_mo(catalog: Catalog) -> bytes:
    """Return the .mo that Django reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def messages(catalog: Catalog) -> dict[Key, Message]:
    """Return the messages by context and msgid."""
    return {(message.context or "", message.id): message for message in _without_header(catalog)}


def untranslated(catalog: Catalog) -> list[Message]:
    """Return the messages that have no Japanese, or one that is only a guess."""
    return [
        message
        for message in _without_header(catalog)
        if message.fuzzy or not all(texts(message.string))
    ]


def _without_header(catalog: Catalog) -> Iterable[Message]:
    return (message for message in catalog if message.id)


def texts(text: str | Iterable[str] | None) -> list[str]:
    """Return the forms of a msgid or of a translation: one, or singular and plural."""
    return [text or ""] if isinstance(text, str | None) else list(text) or [""]


def main() -> int:
    """Return 1 as long as something has no Japanese."""
    before = written()
    after = gathered(before)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(after))
    MO.write_bytes(as_mo(after))
    kept = messages(after)
    for key, message in messages(before).items():
        if key not in kept:
            say(f"不要になった文: {message.id!r}", f"no longer said: {message.string!r}")
    missing = untranslated(after)
    for message in missing:
        say(f"日本語訳がありません: {message.id!r}", f"no Japanese yet, {message.locations[0][0]}")
    place = PO.relative_to(PROJECT)
    if missing:
        say(
            f"{place} に訳を書いて、もう一度実行してください。",
            "Translate there and run this again.",
        )
        return 1
    say(f"{len(kept)} 件、すべて翻訳済みです: {place}", f"{len(kept)} messages, all translated")
    return 0


if __name__ == "__main__":
    run_as_program(main)
