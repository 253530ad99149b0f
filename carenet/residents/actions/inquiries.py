"""Asking the agency behind a hint, and its answer: share the person, or decline."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from carenet.access.actions import GrantCause, give
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.selectors import desk_of
from carenet.audit.actions import log_out_of_reach, log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents import policy
from carenet.residents.actions.bases import demand_basis
from carenet.residents.actions.claims import claim_of
from carenet.residents.actions.danger import notify_of_danger
from carenet.residents.models import InformationCategory, Inquiry, InquiryState, MatchHint
from carenet.residents.selectors import can_be_hinted_at

#: The reminder that an inquiry waits for an answer, and that of its end (`carenet.residents.hooks`).
INQUIRY_REMINDER = "resident.inquiry"
INQUIRY_OVER = "resident.inquiry_over"
#: What an answered inquiry lets read.
READ = frozenset({InformationCategory.IDENTITY.value})


@transaction.atomic
def inquire(*, actor: Actor, hint_id: UUID, words: str) -> Inquiry:
    """Ask the agency behind a hint, which stays unnamed until it shares the person.

    Where that is a section in which nobody works, its office's desk is asked, unless that asks.
    Raises `Invalid` for a hint that was not given to the actor's agency, has run out or has been
    used, and for one about somebody who may not be hinted at any more: the words are the same.
    """
    demand(actor.may("residents.inquire"))
    now = clock.now()
    hints = MatchHint.objects.select_for_update(of=("self",)).select_related(
        "resident__registered_by__parent"
    )
    hint = hints.filter(
        pk=hint_id, given_to=actor.agency_id, until__gt=now, inquiry__isnull=True
    ).first()
    if hint is None or not can_be_hinted_at(actor, hint.resident):
        log_out_of_reach("match_hint", hint_id)
        raise Invalid({"hint": _("This hint cannot be used. Look the person up again.")})
    keeper = hint.resident.registered_by
    desk = desk_of(keeper)
    asked = keeper if desk == actor.agency else desk
    inquiry = Inquiry.objects.create(
        hint=hint,
        resident=hint.resident,
        asked_by=actor.agency,
        asked_by_user=actor.user,
        asked_of=asked,
        asked_at=now,
        words=words,
        until=now + timedelta(days=settings.INQUIRY_OPEN_DAYS),
    )
    inquiry.refresh_from_db(fields=["number"])
    schedule_reminder(
        kind=INQUIRY_REMINDER,
        subject_id=inquiry.pk,
        subject_code=inquiry.code,
        agency=inquiry.asked_of,
        due_at=now,
    )
    notify_inquirer(inquiry, inquiry.until)
    instead = {} if asked == keeper else {"nobody_at": str(keeper.pk)}
    log_write(actor.who, "inquiry.ask", "inquiry", inquiry.pk, **instead)
    return inquiry


@transaction.atomic
def share(
    *,
    actor: Actor,
    inquiry_id: UUID,
    basis: SharingBasis | str,
    reason: str = "",
    answer: str = "",
    version: int | None = None,
    **said: Any,
) -> Inquiry:
    """Let the agency that asks read the record, until a date; a protected address stays hidden.

    `reason` says what the basis rests on where that is words; `said` may hold `until`, `consent` and
    `consent_said`. Raises `Conflict` once it is answered or has expired, and what `demand_basis` does.
    """
    inquiry = _lock(actor, inquiry_id, version)
    said.setdefault("until", clock.now() + timedelta(days=settings.INQUIRY_SHARE_DAYS))
    if not policy.can_view(actor, inquiry.resident):
        raise Conflict(_("Your agency does not keep this record. Decline, and say whom to ask."))
    carried = demand_basis(
        actor=actor,
        resident=inquiry.resident,
        agencies=[inquiry.asked_by],
        claim=replace(claim_of(str(basis), reason, **said), categories=READ),
    )
    resting = carried.consent
    give(
        actor=actor,
        agency=inquiry.asked_by,
        subject=inquiry.resident,
        codename=policy.VIEW,
        cause=GrantCause("consent", resting.pk) if resting else GrantCause("inquiry", inquiry.pk),
        basis=basis,
        until=carried.until,
        reason=reason,
    )
    notify_of_danger(
        actor=actor,
        basis=str(basis),
        kind="inquiry",
        subject_id=inquiry.pk,
        code=inquiry.code,
        agencies=[inquiry.asked_by],
        until=carried.until,
    )
    _answer(actor, inquiry, InquiryState.SHARED, answer)
    log_write(actor.who, "inquiry.share", "inquiry", inquiry.pk, basis=str(basis))
    return inquiry


@transaction.atomic
def decline(*, actor: Actor, inquiry_id: UUID, answer: str, version: int | None = None) -> Inquiry:
    """Share nothing, and say why; raises `Conflict` once it is answered or has expired."""
    inquiry = _lock(actor, inquiry_id, version)
    _answer(actor, inquiry, InquiryState.DECLINED, answer)
    log_write(actor.who, "inquiry.decline", "inquiry", inquiry.pk)
    return inquiry


def _lock(actor: Actor, inquiry_id: UUID, version: int | None) -> Inquiry:
    """Lock an open inquiry that the actor may answer."""
    visible = policy.inquiries_visible_to(actor).select_for_update(of=("self",))
    related = ("resident", "asked_by", "asked_by_user", "asked_of")
    inquiry = get_visible(visible.select_related(*related), pk=inquiry_id)
    demand(actor.may("residents.answer_inquiry"))
    demand(policy.can_answer_inquiry(actor, inquiry))
    check_version(inquiry, version)
    if inquiry.stands != InquiryState.OPEN:
        raise Conflict(_("This inquiry is no longer open."))
    return inquiry


def _answer(actor: Actor, inquiry: Inquiry, state: InquiryState, answer: str) -> None:
    inquiry.state = state
    inquiry.answer = answer
    inquiry.answered_at = clock.now()
    inquiry.answered_by_user = actor.user
    inquiry.save_version()
    cancel_reminder(kind=INQUIRY_REMINDER, subject_id=inquiry.pk, because=state.value)
    notify_inquirer(inquiry, inquiry.answered_at)


def notify_inquirer(inquiry: Inquiry, due_at: datetime) -> None:
    """Let whoever asked hear of the answer, or of the day on which none is to be waited for any more."""
    schedule_reminder(
        kind=INQUIRY_OVER,
        subject_id=inquiry.pk,
        subject_code=inquiry.code,
        agency=inquiry.asked_by,
        person=inquiry.asked_by_user,
        due_at=due_at,
    )
