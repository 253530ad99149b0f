"""Which abuse is not for the procedure of this service, and which desks are competent for it, as data.

Who may be suffering × by whom, as it is alleged: a report about an older person or a person with a
disability by whoever cares for them at home takes the procedure. The desks are settings with a source
and dates, each shown as what it is: what nobody has checked says so, and nothing of it is law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Victim(models.TextChoices):
    """Who may be suffering it."""

    OLDER_PERSON = "older_person", _("older person")
    DISABILITY = "disability", _("person with a disability")
    CHILD = "child", _("child")
    PARTNER = "partner", _("partner")


class ProcedureVictim(models.TextChoices):
    """Of these, whom the procedure of this service is for."""

    OLDER_PERSON = "older_person", _("older person")
    DISABILITY = "disability", _("person with a disability")


class AllegedOf(models.TextChoices):
    """By whom, as it is alleged."""

    CAREGIVER = "caregiver", _("caregiver at home")
    FACILITY_STAFF = "facility_staff", _("staff of a facility")
    EMPLOYER = "employer", _("employer")
    OTHER = "other", _("other")


class AlsoVictim(models.TextChoices):
    """What a partner is besides: asked, before anything is refused."""

    OLDER_PERSON = "older_person", _("65 or older")
    DISABILITY = "disability", _("has a disability")
    NEITHER = "neither", _("neither")


class DeskKind(models.TextChoices):
    """For what a desk is competent."""

    DANGER = "danger", _("danger to life")
    CHILD = "child", pgettext_lazy("desk", "abuse of a child")
    PARTNER = "partner", pgettext_lazy("desk", "violence by a partner")
    FACILITY_STAFF = "facility_staff", pgettext_lazy("desk", "abuse by staff of a facility")
    EMPLOYER = "employer", pgettext_lazy("desk", "abuse by an employer")
    OTHER = "other", pgettext_lazy("desk", "violence by somebody else")


#: From this age on a partner is also an older person.
OLDER_FROM = 65
#: Who × by whom the procedure of this service is for.
PROCEDURE: frozenset[tuple[str, str]] = frozenset(
    {
        (Victim.OLDER_PERSON.value, AllegedOf.CAREGIVER.value),
        (Victim.DISABILITY.value, AllegedOf.CAREGIVER.value),
    }
)
_BY_WHOM = {
    AllegedOf.FACILITY_STAFF: DeskKind.FACILITY_STAFF,
    AllegedOf.EMPLOYER: DeskKind.EMPLOYER,
    AllegedOf.OTHER: DeskKind.OTHER,
}
#: By whom a partner may be alleged to suffer it: the other one, who cares for them or does not.
_PARTNERS = {AllegedOf.CAREGIVER, AllegedOf.OTHER}


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk, as whoever is refused reads it. `local`: a municipality says it more exactly."""

    kind: DeskKind
    name: StrOrPromise
    phone: str
    hours: StrOrPromise
    source: StrOrPromise
    checked_on: date | None = None
    valid_from: date = date.min
    valid_until: date | None = None
    local: bool = False

    def counts(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


_ALWAYS, _OFFICE = pgettext_lazy("desk", "at any hour"), _("in its office hours")
_UNSET = _("Not set for this municipality; not checked.")
#: What counts everywhere. A municipality adds its own, and takes the place of the `local` ones.
DESKS: tuple[Desk, ...] = (
    Desk(
        DeskKind.DANGER, _("Police"), "110", _ALWAYS, _("The number for emergencies."),
    ),
    Desk(
        DeskKind.DANGER, _("Fire service and ambulance"), "119", _ALWAYS,
        _("The number for emergencies."),
    ),
    Desk(
        DeskKind.CHILD, _("Child guidance centre, number for child abuse"), "189", _ALWAYS,
        _("Published by the Children and Families Agency; free since 3 December 2019."),
        valid_from=date(2015, 7, 1),
    ),
    Desk(
        DeskKind.CHILD, _("Children and families section of the ward office"), "", _OFFICE, _UNSET,
        local=True,
    ),
    Desk(
        DeskKind.PARTNER, _("Spousal violence counselling centre (DV Soudan Navi)"), "#8008",
        _("in the hours of the nearest centre"),
        _("Published by the Cabinet Office; leads to the nearest centre."),
        valid_from=date(2020, 10, 1),
    ),
    Desk(
        DeskKind.PARTNER, _("DV Soudan Plus"), "0120-279-889", _ALWAYS,
        _("Published by the Cabinet Office."), valid_from=date(2020, 4, 29),
    ),
    Desk(
        DeskKind.FACILITY_STAFF, _("The authority that supervises the facility"), "", _OFFICE,
        _UNSET, local=True,
    ),
    Desk(
        DeskKind.EMPLOYER, _("The authority for abuse of workers with a disability"), "", _OFFICE,
        _UNSET, local=True,
    ),
    Desk(
        DeskKind.OTHER, _("The ward office's section for older persons and disability"), "",
        _OFFICE, _UNSET, local=True,
    ),
)  # fmt: skip


def kind_of_case(victim: str, alleged: str, also: str = "") -> tuple[str, str]:
    """Return who × by whom a report is about; of a partner who is also an older person, as that."""
    if victim == Victim.PARTNER and also in {AlsoVictim.OLDER_PERSON, AlsoVictim.DISABILITY}:
        by_partner = AllegedOf.CAREGIVER.value if alleged in _PARTNERS else alleged
        return str(also), str(by_partner)
    return str(victim), str(alleged)


def competent_elsewhere(victim: str, alleged: str, also: str = "") -> DeskKind | None:
    """Return for what another desk is competent; None where the report takes the procedure here."""
    kind = kind_of_case(victim, alleged, also)
    if kind in PROCEDURE:
        return None
    if kind[0] in {Victim.CHILD, Victim.PARTNER}:
        return DeskKind(kind[0])
    return _BY_WHOM[AllegedOf(kind[1])]
