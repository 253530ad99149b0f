"""Whether what was disclosed before there was a table of bases holds by it: judged, and ended.

Rooms register what they have disclosed (`carenet.residents.registry.disclosures`); the command
`review_bases` walks through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from carenet.access.actions import limit, revoke
from carenet.access.models import Grant, GrantQuerySet
from carenet.agencies.actors import system_actor
from carenet.agencies.models import Agency, User
from carenet.core import clock
from carenet.core.errors import CarenetError, Invalid
from carenet.reminders.actions import schedule_reminder
from carenet.residents import policy
from carenet.residents.actions.bases import demand_basis, end_by_clock
from carenet.residents.actions.claims import FIELDS, Claim, Fields, learn
from carenet.residents.actions.danger import BASIS_ENDED
from carenet.residents.actions.expiry_reminders import code_of
from carenet.residents.models import Consent, InformationCategory, Resident
from carenet.residents.registry import Finding

#: It holds, but has no end.
NO_END = "no_end"
_READ = frozenset({InformationCategory.IDENTITY.value})


def judge(
    *,
    giver: Agency,
    resident: Resident,
    agencies: Sequence[Agency],
    claim: Claim,
    given_at: datetime,
    case_id: UUID | None = None,
    fields: Fields = FIELDS,
) -> tuple[str, datetime | None]:
    """Say why a disclosure does not hold, "" where it does; and until when it would.

    The same function as for a new one, asked for the agency that gave it; its consents are locked.
    """
    over = end_by_clock(claim.basis, given_at)
    if over is not None and over <= clock.now():
        return "basis_over", over
    actor = system_actor(giver)
    known = learn(actor, [resident])
    known.seen |= {each.pk for living in known.living.values() for each in living}
    try:
        carried = demand_basis(
            actor=actor, resident=resident, agencies=agencies, claim=claim, case_id=case_id,
            fields=fields, known=known,
        )  # fmt: skip
    except CarenetError as wrong:
        return reason_of(wrong, fields), None
    return "", min(filter(None, [over, carried.until]))


def reason_of(wrong: CarenetError, fields: Fields = FIELDS) -> str:
    """Return in one word why a disclosure does not hold, by what `demand_basis` says of it."""
    if not isinstance(wrong, Invalid) or wrong.reason_code != Invalid.code:
        return wrong.reason_code
    if fields.until in wrong.fields:
        return "basis_over"
    return "no_consent" if fields.consent in wrong.fields else "no_words"


class SharedRecords:
    """Records that an answered inquiry lets another agency read."""

    kind = "inquiry"

    def ids(self) -> Iterable[UUID]:
        return _shared().order_by("pk").values_list("pk", flat=True)

    def review(self, ids: Sequence[UUID], *, end: bool) -> Sequence[Finding]:
        found = _shared().filter(pk__in=ids)
        people = Resident.objects.filter(pk__in=found.values("subject_id")).order_by("pk")
        residents = {each.pk: each for each in people.select_for_update(of=("self",), no_key=True)}
        grants = found.select_related("group__agency", "given_by_agency").order_by("pk")
        findings = []
        for grant in grants.select_for_update(of=("self",)):
            person = residents[grant.subject_id]
            reason, until = judge_grant(grant, person, grant.given_by_agency, categories=_READ)
            if reason:
                findings.append(Finding(grant.pk, reason))
            if reason and end:
                end_grant(grant, reason, until)
                if reason != NO_END:
                    notify_giver(grant.pk, code_of(person), grant.given_by_agency)
        return findings


def judge_grant(
    grant: Grant,
    person: Resident,
    giver: Agency,
    *,
    case_id: UUID | None = None,
    categories: frozenset[str] = Claim("").categories,
) -> tuple[str, datetime | None]:
    """Judge one line of the ledger, locked; one that carries and has no end is told, too."""
    resting = Consent.objects.filter(pk=grant.cause_id) if grant.cause_kind == "consent" else None
    claim = Claim(
        grant.basis, grant.reason, consent=resting.first() if resting else None,
        categories=categories,
    )  # fmt: skip
    reason, until = judge(
        giver=giver, resident=person, agencies=[grant.group.agency], claim=claim,
        given_at=grant.given_at, case_id=case_id,
    )  # fmt: skip
    if not reason and grant.until is None:
        return NO_END, until
    return reason, until


@transaction.atomic
def end_grant(grant: Grant, reason: str, until: datetime | None) -> None:
    """End one line of the ledger now; one that only has no end gets one."""
    actor = system_actor(grant.given_by_agency)
    if reason == NO_END and until is not None:
        limit(actor=actor, grants=Grant.objects.filter(pk=grant.pk), until=until)
    else:
        revoke(actor=actor, grant=grant)


def notify_giver(subject_id: UUID, code: str, agency: Agency, person: User | None = None) -> None:
    """Tell who had opened something that it was ended, and why it can be opened anew."""
    schedule_reminder(
        kind=BASIS_ENDED, subject_id=subject_id, subject_code=code, agency=agency, person=person,
        due_at=clock.now(),
    )  # fmt: skip


def _shared() -> GrantQuerySet:
    live = Grant.objects.live().filter(subject_kind="resident", permission__codename=policy.VIEW)
    return live.filter(cause_kind__in=["inquiry", "consent"])
