"""A code as people type it, and the page that it leads to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from carenet.abuse.policy import reports_visible_to
from carenet.agencies.actors import Actor
from carenet.cases.selectors import cases
from carenet.referrals.selectors import single
from carenet.residents.policy import inquiries_visible_to
from carenet.watchover.policy import visible_to as watches_visible_to
from carenet.watchover.selectors.concerns import concerns

_CODE = re.compile("(?P<letter>[ACNQRW])-?(?P<year>[0-9]{2})-?(?P<number>[0-9]{1,12})")
#: Whatever a keyboard or a FAX makes of a hyphen.
_HYPHENS = re.compile("[‐‑–—―ー−]")
#: By the letter of a code: the ability that its page asks for, the page, and which rows one may see.
PAGES: dict[str, tuple[str, str, Callable[[Actor], QuerySet[Any]]]] = {
    "A": ("abuse.view", "staff-abuse-report", reports_visible_to),
    "C": ("cases.view", "staff-case", cases),
    "N": ("concerns.view", "staff-concern", concerns),
    "Q": ("residents.inquire", "staff-inquiry", inquiries_visible_to),
    "R": ("referrals.view", "staff-referral", single),
    "W": ("watch.view", "staff-watch", watches_visible_to),
}


def plain_code(typed: str) -> str:
    """Return what was typed as a code is written: half width, capitals, one kind of hyphen."""
    plain = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    return _HYPHENS.sub("-", plain)


def is_code(typed: str) -> bool:
    """Whether this is meant as a code, whether or not there is one."""
    return bool(_CODE.fullmatch(plain_code(typed)))


def code_in(typed: str) -> tuple[str, str, int] | None:
    """Return letter, year and number of a typed code; None for what is none."""
    read = _CODE.fullmatch(plain_code(typed))
    return (read["letter"], read["year"], int(read["number"])) if read else None


def address_of_code(actor: Actor, typed: str) -> str:
    """Return the page of what has this code; empty where the actor sees nothing that has it."""
    read = code_in(typed)
    if read is None:
        return ""
    letter, year, number = read
    ability, page, visible_to = PAGES[letter]
    if not actor.may(ability):
        return ""
    found = visible_to(actor).filter(number=number).first()
    if found is None or not found.code.startswith(f"{letter}-{year}-"):
        return ""
    return reverse(page, args=[found.pk])
