"""The compartment of who reported: kept apart, corrected by its readers, opened by the ward office."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

import pgtrigger
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.actions.locks import lock_report
from carenet.abuse.models import AbuseReport, ReporterIdentity, ReporterReader
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.selectors import actor_of
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import demand_person
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible

#: A single character, or a short number, stands in too many words.
SHORTEST_CLUE = 2
#: What may stand between the signs of a name, or of a number.
_IN_NAMES, _IN_NUMBERS = r"[\s・]", r"[\s()()‐‑–—−ー\--.]"


def store_reporter(*, actor: Actor, report: AbuseReport, **who: Any) -> None:
    """Write down who reported, and the recorder as the first reader; part of taking the report."""
    ReporterIdentity.objects.create(report=report, **who)
    recorder = demand_person(actor)
    ReporterReader.objects.create(report=report, user=recorder, given_by=recorder)


def without_reporter(text: str, who: Mapping[str, Any]) -> str:
    """Return a text in which the full name and the telephone of the reporter are struck out."""
    instead = str(_("(the reporter)"))
    for clue, between in ((who.get("name"), _IN_NAMES), (who.get("phone"), _IN_NUMBERS)):
        signs = [sign for sign in clue or "" if not re.fullmatch(between, sign)]
        if len(signs) >= SHORTEST_CLUE:
            pattern = f"(?:{between})*".join(map(_however_wide, signs))
            text = re.sub(pattern, lambda _found: instead, text)
    return text


def _however_wide(sign: str) -> str:
    """Return a pattern for a sign in its narrow and its wide form."""
    narrow = unicodedata.normalize("NFKC", sign)
    wide = chr(ord(narrow) + 0xFEE0) if narrow.isascii() and narrow.isprintable() else sign
    return "|".join(["(?:" + re.escape(sign), re.escape(narrow), re.escape(wide) + ")"])


def strike_out(
    rows: QuerySet[Any], strike: Callable[[str], str], *names: str, guard: str = ""
) -> list[Any]:
    """Strike words out of rows' texts and of what they hold as JSON; return the rows that changed.

    `guard` names the trigger that keeps the rows as they are: who reported is the one thing that
    must not stay.
    """
    changed = []
    for row in rows.select_for_update(of=("self",)):
        if strike_in(row, strike, *names):
            if hasattr(row, "version"):
                row.version += 1
            with pgtrigger.ignore(guard) if guard else nullcontext():
                row.save()
            changed.append(row)
    return changed


def strike_in(row: Model, strike: Callable[[str], str], *names: str) -> bool:
    """Strike words out of a row's columns, unsaved; whether any of them had such words.

    What is written in their place may be longer: a text ends where its column does.
    """
    changed = False
    for name in names:
        value = getattr(row, name)
        struck = _struck(value, strike)
        if struck != value:
            longest = getattr(row._meta.get_field(name), "max_length", None)
            setattr(row, name, struck[:longest] if isinstance(struck, str) else struck)
            changed = True
    return changed


def _struck(value: Any, strike: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return strike(value)
    if isinstance(value, dict):
        return {name: _struck(inner, strike) for name, inner in value.items()}
    return [_struck(inner, strike) for inner in value] if isinstance(value, list) else value


def forget_claimed_person(
    rows: QuerySet[Any], strike: Callable[[str], str], *, guard: str = ""
) -> None:
    """Leave out the person that a partner's system named behind these rows, where it is the reporter.

    Nothing is written in the name's place: who reads that somebody reported would know that it was
    whoever looked in. `guard` as in `strike_out`.
    """
    named = rows.exclude(claimed_person="").order_by("pk").select_for_update(of=("self",))
    theirs = [each.pk for each in named if strike(each.claimed_person) != each.claimed_person]
    with pgtrigger.ignore(guard) if guard else nullcontext():
        rows.filter(pk__in=theirs).update(claimed_person="")


def refuse_to_name_the_reporter(report: AbuseReport, **texts: str) -> None:
    """Raise `Invalid` when a text tells who reported.

    It looks with the eyes of whoever writes: those who may not know learn nothing from it, because
    the database shows them no row.
    """
    identity = ReporterIdentity.objects.filter(report=report).first()
    who = {"name": identity.name, "phone": identity.phone} if identity else {}
    named = [name for name, text in texts.items() if without_reporter(text, who) != text]
    if named:
        raise Invalid(
            {name: _("Leave out who reported: it stands under “reporter” alone.") for name in named}
        )


@transaction.atomic
def correct_reporter(
    *, actor: Actor, report_id: UUID, version: int | None = None, **changes: Any
) -> ReporterIdentity:
    """Correct or complete who reported; raises `PreconditionFailed` when `version` is stale."""
    report = lock_report(actor, report_id)
    demand(policy.can_read_reporter(actor, report))
    identity = get_visible(
        policy.reporters_visible_to(actor, report).select_for_update(of=("self",))
    )
    check_version(identity, version)
    for name, value in changes.items():
        setattr(identity, name, value)
    identity.version += 1
    identity.save(force_update=True)
    log_write(
        actor.who, "abuse_report.correct_reporter", "reporter", report.pk, fields=sorted(changes)
    )
    return identity


@transaction.atomic
def name_reader(
    *, actor: Actor, report_id: UUID, user: User, until: datetime | None = None
) -> ReporterReader:
    """Let a person who can see the report read who made it.

    Raises `Invalid` for anybody else and for an end in the past, `Conflict` for whoever may already.
    """
    report = lock_report(actor, report_id)
    demand(policy.can_name_readers(actor, report))
    if until and until <= clock.now():
        raise Invalid({"until": _("Give a time in the future.")})
    parts = (actor_of(user, agency) for agency in (report.ward_office, report.taken_by))
    if not any(part and policy.can_view_report(part, report) for part in parts):
        raise Invalid({"user": _("Name somebody who can see the report.")})
    if policy.live_readers(report).filter(user=user).exists():
        raise Conflict(_("This person is named already."))
    reader = ReporterReader.objects.create(
        report=report, user=user, given_by=demand_person(actor), until=until
    )
    log_write(actor.who, "abuse_report.name_reader", "abuse_report", report.pk, person=str(user.pk))
    return reader


@transaction.atomic
def end_reader(*, actor: Actor, report_id: UUID, reader_id: UUID) -> ReporterReader:
    """End a naming to the compartment now; the ward office can always name again."""
    report = lock_report(actor, report_id)
    demand(policy.can_name_readers(actor, report))
    reader = get_visible(policy.live_readers(report), pk=reader_id)
    reader.until = clock.now()
    reader.save(update_fields=["until"])
    person = str(reader.user_id)
    log_write(actor.who, "abuse_report.end_reader", "abuse_report", report.pk, person=person)
    return reader
