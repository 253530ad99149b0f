"""For whom the procedure of abuse reports is, and what those others are told for whom it is not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carenet.abuse.selectors.desks import desk_text, desks_for
from carenet.abuse.states.desks import (
    OLDER_FROM,
    AlsoVictim,
    DeskKind,
    Victim,
    competent_elsewhere,
)
from carenet.agencies.models import Agency
from carenet.core import clock
from carenet.core.errors import ForAnotherDesk, Invalid
from carenet.residents.models import Resident


def demand_procedure(
    agency: Agency, person: Resident | None, *, victim: str, alleged: str, also: str
) -> None:
    """Raise `ForAnotherDesk` for abuse for which the procedure is not, naming the competent desks.

    A partner may be an older person or have a disability besides: where `also` does not say so, that
    is asked, under a code of its own. Raises `Invalid` where `also` contradicts what is known.
    """
    if also and victim != Victim.PARTNER:
        raise Invalid({"also": _("Say this of a partner only.")})
    older = person is not None and is_older(person)
    if victim == Victim.PARTNER and not also:
        raise _question(agency, older=older)
    if also == AlsoVictim.NEITHER and older:
        told = _("By the register this person is %(age)s or older: say so here.")
        raise Invalid({"also": told % {"age": OLDER_FROM}})
    kind = competent_elsewhere(victim, alleged, also)
    if kind:
        raise for_another_desk(agency, kind)


def for_another_desk(agency: Agency, kind: DeskKind) -> ForAnotherDesk:
    """Return the refusal of abuse for which other desks are competent."""
    desks = desks_for(agency.municipality_code, [DeskKind.DANGER, kind])
    told = _(
        "This procedure is for older persons and persons with a disability who are abused by whoever "
        "cares for them at home. %(desks)s Then record in the consultation whom you called, when, and "
        "who answered: what was told stays there."
    )
    if kind is DeskKind.OTHER:
        told = _("If it may be whoever cares for them at home, report it as that.") + " " + told
    return ForAnotherDesk(told % {"desks": _call(desks)}, desks=desks)


def _question(agency: Agency, *, older: bool) -> ForAnotherDesk:
    desks = desks_for(agency.municipality_code, [DeskKind.DANGER, DeskKind.PARTNER])
    told = _(
        "Ask first whether the person is %(age)s or older, or has a disability: then it is also an "
        "older person's or a disability case, and is taken here. Say it in “also”. %(desks)s"
    )
    if older:
        told = _("By the register this person is %(age)s or older.") + " " + told
    words = told % {"age": OLDER_FROM, "desks": _call(desks)}
    return ForAnotherDesk(words, code="ask_age_or_disability", desks=desks)


def _call(desks: list[dict[str, object]]) -> str:
    first = _(", ").join(desk_text(each) for each in desks if each["kind"] == DeskKind.DANGER)
    then = _(", ").join(desk_text(each) for each in desks if each["kind"] != DeskKind.DANGER)
    told = _("Where life is in danger, call first: %(first)s. Call: %(then)s.")
    return told % {"first": first, "then": then}


def is_older(person: Resident) -> bool:
    """Whether the register says that the person has reached the age; a year alone counts when over."""
    today = clock.today()
    if person.birth_date:
        born = person.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= (
            OLDER_FROM
        )
    return bool(person.birth_year) and today.year - int(person.birth_year or 0) > OLDER_FROM
