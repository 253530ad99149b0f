"""What a line of Today says: put together here, because a page has fifty of them.

`format_html` takes five times as long for the same: three quarters of the page were templates and that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString

from carenet.staff.templatetags.times import day, moment

register = template.Library()
Labels = Mapping[str, str]
_BUTTON = (
    '<button class="second small" formaction="{0}{1}/" hx-post="{0}{1}/" hx-target="closest li" '
    'hx-swap="outerHTML" hx-disabled-elt="this">{2}</button>'
)
_LINK = (
    '<a class="button second small" href="{0}{1}/" hx-get="{0}{1}/" hx-target="#response-{3}">'
    "{2}</a>"
)
#: What can be done about a reminder, in order: how it looks, its verb in the address, its label.
_RESPONSES = (
    (_BUTTON, "acknowledge", "take_on"),
    (_BUTTON, "take-back", "take_back"),
    (_LINK, "snooze", "put_off"),
    (_LINK, "delegate", "hand_on"),
    (_BUTTON, "read", "read"),
)


@register.simple_tag
def heading(line: Any, labels: Labels) -> SafeString:
    """Return whom or what a line is about, and where it stands."""
    return SafeString(" ".join(_heading(line, labels)))


@register.simple_tag
def facts(line: Any, labels: Labels) -> SafeString:
    """Return what is needed, by when, since when, and from whom."""
    told = "".join(_facts(line, labels))
    return SafeString(f'{_gist(line)}<dl class="facts">{told}</dl>')


@register.simple_tag
def responses(said: Any, labels: Labels) -> SafeString:
    """Return the buttons and links of what can be done about a reminder, in its form."""
    may = (
        said.may_take_on, said.may_take_back, said.may_put_off, said.may_hand_on, said.may_read,
    )  # fmt: skip
    shape = _shape(may, tuple(labels[name] for _form, _verb, name in _RESPONSES))
    return SafeString(shape.format(address=said.address, entry=said.entry.pk))


@lru_cache(100)
def _shape(may: tuple[bool, ...], labels: tuple[str, ...]) -> str:
    """Return what may be done, for any reminder: its address and id are ours, and need no escape."""
    offered = zip(_RESPONSES, may, labels, strict=True)
    return "".join(
        form.format("{address}", verb, escape(label), "{entry}")
        for (form, verb, _name), allowed, label in offered
        if allowed
    )


def _html(form: str, *values: Any) -> str:
    """Fill in a form, each value escaped that is not HTML already."""
    return form.format(
        *(each if isinstance(each, SafeString) else escape(str(each)) for each in values)
    )


def _heading(line: Any, labels: Labels) -> Iterator[str]:
    yield _html('<span class="kind">{}</span>', line.kind)
    if line.address:
        yield _html('<a class="to" href="{}"><strong>{}</strong></a>', line.address, line.title)
    else:
        yield _html("<strong>{}</strong>", line.title)
    if line.age:
        yield _html("<span>{}</span>", line.age)
    if line.overdue:
        yield _html('<span class="state late">{}</span>', labels["overdue"])
    elif line.urgent:
        yield _html('<span class="state urgent">{}</span>', labels["urgent"])
    if line.state:
        yield _html('<span class="state">{}</span>', line.state)
    if line.code:
        yield _html('<span class="code">{}</span>', line.code)


def _gist(line: Any) -> str:
    if not (line.need or line.words):
        return ""
    need = _html("<strong>{}</strong> ", line.need) if line.need else ""
    return _html('<p class="gist">{}{}</p>', SafeString(need), line.words)


def _facts(line: Any, labels: Labels) -> Iterator[str]:
    if line.sender:
        yield _fact(*line.sender)
    if line.due:
        yield _fact(labels["due"], day(line.due) if line.whole_day else moment(line.due))
    yield _fact(labels["since"], moment(line.since))
    yield _fact(labels["days"], "–" if line.days is None else line.days)


def _fact(label: str, value: Any) -> str:
    return _html("<div><dt>{}</dt><dd>{}</dd></div>", label, value)
