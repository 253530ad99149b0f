"""The one function that decides whether a lawful basis holds: for grants, referrals, inquiries, watches.

The table is `carenet.access.rules.BASES`; `docs/permissions.md` has it for people. Rooms above add what
only they know: who leads a case or has taken on a referral (`add_standings`), and what a basis rests on
besides words (`add_object_of_basis`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.access.policy import demand_object, needs_object
from carenet.access.registry import BasisObject, Standing, object_of
from carenet.access.rules import BASES, End, Giver, Ground, Rule, SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.residents.actions.claims import FIELDS, Carried, Claim, Fields, Known, learn
from carenet.residents.actions.consents import record_consent
from carenet.residents.models import (
    Consent,
    ConsentPole,
    InformationCategory,
    Resident,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What is asked for where a basis rests on words.
_WORDS: Mapping[Ground, StrOrPromise] = {
    Ground.PURPOSE: gettext_lazy("Say for which purpose this agency needs to know it."),
    Ground.REASON: gettext_lazy("Say why this agency needs to know it."),
    Ground.DANGER: gettext_lazy(
        "Say what danger there is to life, body or property, and for whom."
    ),
}
#: Whoever refuses that an agency learns of these wants nothing to do with it here.
_AT_ALL = frozenset({InformationCategory.IDENTITY, InformationCategory.SUPPORT})


def demand_basis(
    *,
    actor: Actor,
    resident: Resident,
    agencies: Sequence[Agency],
    claim: Claim,
    case_id: UUID | None = None,
    fields: Fields = FIELDS,
    known: Known | None = None,
) -> Carried:
    """Demand that the basis lets each of `agencies` know of a person; return until when it does.

    Asked within the transaction of the disclosure. Raises `NeedsItsObject` for a basis whose object
    is not there, `Forbidden` (`basis_not_yours`) for who may not give it, `Invalid` for missing words,
    a missing consent or one that does not cover it, `Conflict` for a consent that is over
    (`consent_over`), and where the person refuses (`consent_refused`).
    """
    rule = _rule(claim, fields)
    demand_object(claim.basis, fields.basis)
    if claim.until is not None and claim.until <= clock.now():
        raise Invalid({fields.until: _("Give a time in the future.")})
    known = known or learn(actor, [resident])
    rests_on = None
    if rule.needs_object:
        rests_on = _object(actor, resident, claim, case_id, fields)
    latest = rests_on.until if rests_on else _latest(actor, resident, claim, case_id, known)
    if rule.ground in _WORDS and not claim.words.strip():
        raise Invalid({fields.words: _WORDS[rule.ground]})
    if not claim.consent:
        # Whoever refuses is not asked again by the way.
        demand_not_refused(resident, agencies, claim, known)
    consent = None
    if rule.ground is Ground.CONSENT:
        consent = _consent(actor, resident, agencies, claim, fields, known)
        latest = consent.ends_at
        demand_not_refused(resident, agencies, claim, known)
    return Carried(_end(claim.until, latest), latest, consent, rests_on)


def demand_still(
    *,
    actor: Actor,
    resident: Resident,
    agencies: Sequence[Agency],
    claim: Claim,
    over_at: datetime | None,
    fields: Fields = FIELDS,
    known: Known | None = None,
) -> Carried:
    """Demand that what was once given still carries, as it is used again or goes a step further.

    Who gave it and in which words was judged then; consent, refusal and clock are asked now.
    `over_at` is the end that it was given with. Raises `Conflict` (`consent_over`, `consent_refused`,
    `basis_over`), `Invalid` for a consent that does not cover one of `agencies`.
    """
    rule = _rule(claim, fields)
    demand_object(claim.basis, fields.basis)
    known = known or learn(actor, [resident])
    consent = None
    if rule.ground is Ground.CONSENT:
        consent = _on_record(resident, agencies, claim, fields, known, known.living[resident.pk])
    demand_not_refused(resident, agencies, claim, known)
    if over_at is not None and over_at <= clock.now():
        raise Conflict(
            _("The lawful basis of this has run out. Whoever gave it decides anew."),
            code="basis_over",
        )
    ends = [end for end in (over_at, consent.ends_at if consent else None) if end]
    latest = min(ends, default=None)
    return Carried(_end(None, latest), latest, consent)


def demand_not_refused(
    resident: Resident, agencies: Sequence[Agency], claim: Claim, known: Known
) -> None:
    """Raise `Conflict` where the person refuses that one of these agencies learns of it.

    A few bases go against a refusal, by the table; no other one does, and none is recommended.
    """
    if not BASES[SharingBasis(claim.basis)].refusable:
        return
    needed = needed_of(resident, claim)
    if any(is_refused(known.living[resident.pk], agency, needed) for agency in agencies):
        raise refusal()


def is_refused(said: Iterable[Consent], agency: Agency, about: Collection[str] = ()) -> bool:
    """Tell whether a person, by what they have said and not taken back, wants an agency kept out."""
    closed = {*about, *_AT_ALL}
    return any(
        each.pole == ConsentPole.REFUSED
        and closed & set(each.categories)
        and each.keeps_out(agency)
        for each in said
    )


def refusal() -> Conflict:
    """Return the error for what the person has refused."""
    return Conflict(
        _(
            "The person refuses that this agency learns of it. Choose another agency; if the person"
            " has changed their mind, take the refusal back first."
        ),
        code="consent_refused",
    )


def needed_of(resident: Resident, claim: Claim) -> set[str]:
    """Return which information a consent must be about."""
    needed: set[str] = set(claim.categories)
    if claim.discloses_address and resident.address_protected:
        needed.add(InformationCategory.ADDRESS)
    return needed


def not_yours(missing: StrOrPromise) -> Forbidden:
    """Return the error for a basis that others give."""
    return Forbidden(
        _("Your agency cannot give this lawful basis."), basis=missing, code="basis_not_yours"
    )


def end_by_clock(basis: str, given_at: datetime) -> datetime | None:
    """Return when a basis is over that lasts for so many days, None for any other one."""
    end = BASES[SharingBasis(basis)].end
    if end is End.ORGAN:
        return given_at + timedelta(days=settings.BASIS_ORGAN_DAYS)
    return given_at + timedelta(days=settings.BASIS_DANGER_DAYS) if end is End.DANGER else None


def _rule(claim: Claim, fields: Fields) -> Rule:
    if not claim.basis:
        raise Invalid({fields.basis: _("Say on which lawful basis the receiver may know this.")})
    rule = BASES[SharingBasis(claim.basis)]
    if rule.ground is not Ground.CONSENT and (claim.consent or claim.said):
        raise Invalid({fields.consent: _("Leave it out, or choose the basis CONSENT.")})
    return rule


def _consent(
    actor: Actor,
    resident: Resident,
    agencies: Sequence[Agency],
    claim: Claim,
    fields: Fields,
    known: Known,
) -> Consent:
    """Return the consent on which it rests: one said now, the one named, or one on record."""
    if claim.said and claim.consent:
        raise Invalid({fields.said: _("Name a consent on record, or write one down, not both.")})
    if claim.said:
        return _write_down(actor, resident, agencies, claim, fields)
    theirs = [each for each in known.living[resident.pk] if each.pk in known.seen]
    return _on_record(resident, agencies, claim, fields, known, theirs)


def _write_down(
    actor: Actor, resident: Resident, agencies: Sequence[Agency], claim: Claim, fields: Fields
) -> Consent:
    """Write down what the person has said just now, to these agencies and no others."""
    try:
        return record_consent(
            actor=actor,
            resident_id=resident.pk,
            agencies=agencies,
            pole=ConsentPole.GIVEN,
            categories=sorted(needed_of(resident, claim)),
            **(claim.said or {}),
        )
    except Invalid as wrong:
        below = {f"{fields.said}/{name}": told for name, told in wrong.fields.items()}
        raise Invalid(below) from wrong


def _on_record(
    resident: Resident,
    agencies: Sequence[Agency],
    claim: Claim,
    fields: Fields,
    known: Known,
    on_record: Iterable[Consent],
) -> Consent:
    """Return the consent named, or the one on record that covers all and lasts longest."""
    needed = needed_of(resident, claim)
    named = claim.consent
    if named is not None:
        if named.resident_id != resident.pk or named.pole == ConsentPole.REFUSED:
            raise Invalid({fields.consent: _("Name a consent of this person.")})
        if not _covers(named, agencies, needed):
            raise Invalid(
                {fields.consent: _("This consent covers another agency, or other information.")}
            )
        if named.pk in known.over:
            raise Conflict(
                _("This consent was withdrawn, or has run out. Ask the person again."),
                code="consent_over",
            )
        return named
    found = [
        each
        for each in on_record
        if each.pole != ConsentPole.REFUSED and _covers(each, agencies, needed)
    ]
    if not found:
        raise Invalid(
            {
                fields.consent: _(
                    "No consent of this person that covers this agency is on record. Ask the person,"
                    " and write down what they said: how, when, and who gave it."
                )
            }
        )
    return max(found, key=lambda each: (each.expires_on is None, each.expires_on or each.stated_on))


def _covers(consent: Consent, agencies: Sequence[Agency], needed: Iterable[str]) -> bool:
    return all(consent.covers(agency, set(needed)) for agency in agencies)


def _object(
    actor: Actor, resident: Resident, claim: Claim, case_id: UUID | None, fields: Fields
) -> BasisObject:
    find = object_of(claim.basis)
    found = find(actor=actor, resident_id=resident.pk, case_id=case_id) if find else None
    if found is None:
        raise needs_object(claim.basis, fields.basis)
    return found


def _latest(
    actor: Actor, resident: Resident, claim: Claim, case_id: UUID | None, known: Known
) -> datetime | None:
    """Return the end that the table sets, None where it has no day yet; demand who may give it."""
    rule = BASES[SharingBasis(claim.basis)]
    if rule.giver is Giver.ORGAN and not actor.agency.is_organ:
        raise not_yours(_("To act for the ward office."))
    if rule.giver is Giver.LEAD:
        theirs = [each for each in known.standings if each.resident_id == resident.pk]
        return _end_of_case([each for each in theirs if case_id in {None, each.case_id}])
    return end_by_clock(claim.basis, clock.now())


def _end_of_case(standings: Iterable[Standing]) -> datetime | None:
    """Return when the last of the cases by which it may be given is over; None: one is open."""
    ends = [each.ended_at for each in standings]
    if None in ends:
        return None
    last = max((end for end in ends if end), default=None)
    over = last + timedelta(days=settings.BASIS_DAYS_AFTER_CASE) if last else None
    if over is None or over <= clock.now():
        raise not_yours(
            _("To lead a case of this person, or to have accepted a referral about them.")
        )
    return over


def _end(wanted: datetime | None, latest: datetime | None) -> datetime:
    """Return when it ends: as wanted, but never later than the table and `BASIS_LONGEST_DAYS` say."""
    ends = [wanted, latest, clock.now() + timedelta(days=settings.BASIS_LONGEST_DAYS)]
    return min(end for end in ends if end)
