"""The lawful bases of a disclosure as a table: what each rests on, who gives it, until when.

The one function that asks it is `carenet.residents.actions.bases.demand_basis`; `docs/permissions.md`
has the same table for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class SharingBasis(models.TextChoices):
    """The lawful basis of a disclosure (Act on the Protection of Personal Information, art. 69).

    The special laws add their own; `docs/domain.md` has the sources.
    """

    CONSENT = "CONSENT", _("consent of the person")
    WITHIN_PURPOSE = "WITHIN_PURPOSE", _("within the purpose of collection")
    INTERNAL = "INTERNAL", _("internal use of an administrative organ")
    OTHER_AGENCY = "OTHER_AGENCY", _("provision to another administrative organ")
    CLEAR_BENEFIT = "CLEAR_BENEFIT", _("clearly to the benefit of the person")
    LIFE_BODY_PROPERTY = "LIFE_BODY_PROPERTY", _("protection of life, body or property")
    CHILD_WELFARE = "CHILD_WELFARE", _("sound upbringing of a child")
    SUPPORT_MEETING = "SUPPORT_MEETING", _("statutory support meeting")
    CHILD_COUNCIL = "CHILD_COUNCIL", _("child protection council")
    ABUSE_REPORT = "ABUSE_REPORT", _("abuse report")
    DISASTER_PRE = "DISASTER_PRE", _("preparation for disaster")
    DISASTER_NOW = "DISASTER_NOW", _("disaster in progress")


class Ground(StrEnum):
    """What a basis rests on."""

    CONSENT = "a consent"
    PURPOSE = "the purpose in words"
    REASON = "a reason in words"
    DANGER = "the danger in words"
    REPORT = "an abuse report or notification"
    AGENDA_ITEM = "an agenda item"
    ROSTER = "an agreement or consent of the roster"
    DECLARATION = "a declared disaster"


class Giver(StrEnum):
    """Who may give it."""

    CASEWORKER = "caseworkers with the record"
    LEAD = "the lead of a case, R of a referral"
    ORGAN = "the ward office and its sections"
    HOLDER = "who holds the report"
    OBJECT = "nobody by hand"


class End(StrEnum):
    """At most until when."""

    CONSENT = "the end of the consent"
    CASE = "the end of the case and `BASIS_DAYS_AFTER_CASE` days"
    ORGAN = "`BASIS_ORGAN_DAYS` days, prolonged with a reason"
    DANGER = "`BASIS_DANGER_DAYS` days"
    OBJECT = "the end of what it rests on"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table.

    `refusable`: what the person has refused stays closed. `needs_object`: a word is not enough, it
    rests on an object that some room keeps (`carenet.access.registry.add_object_of_basis`).
    """

    ground: Ground
    giver: Giver
    end: End
    refusable: bool = True
    needs_object: bool = False


BASES: Mapping[SharingBasis, Rule] = MappingProxyType(
    {
        SharingBasis.CONSENT: Rule(Ground.CONSENT, Giver.CASEWORKER, End.CONSENT),
        SharingBasis.WITHIN_PURPOSE: Rule(Ground.PURPOSE, Giver.LEAD, End.CASE),
        SharingBasis.INTERNAL: Rule(Ground.REASON, Giver.ORGAN, End.ORGAN),
        SharingBasis.OTHER_AGENCY: Rule(Ground.REASON, Giver.ORGAN, End.ORGAN),
        SharingBasis.CLEAR_BENEFIT: Rule(Ground.REASON, Giver.ORGAN, End.ORGAN),
        SharingBasis.LIFE_BODY_PROPERTY: Rule(
            Ground.DANGER, Giver.CASEWORKER, End.DANGER, refusable=False
        ),
        SharingBasis.CHILD_WELFARE: Rule(
            Ground.REPORT, Giver.HOLDER, End.OBJECT, refusable=False, needs_object=True
        ),
        SharingBasis.ABUSE_REPORT: Rule(
            Ground.REPORT, Giver.HOLDER, End.OBJECT, refusable=False, needs_object=True
        ),
        SharingBasis.SUPPORT_MEETING: Rule(
            Ground.AGENDA_ITEM, Giver.OBJECT, End.OBJECT, needs_object=True
        ),
        SharingBasis.CHILD_COUNCIL: Rule(
            Ground.AGENDA_ITEM, Giver.OBJECT, End.OBJECT, needs_object=True
        ),
        SharingBasis.DISASTER_PRE: Rule(Ground.ROSTER, Giver.OBJECT, End.OBJECT, needs_object=True),
        SharingBasis.DISASTER_NOW: Rule(
            Ground.DECLARATION, Giver.OBJECT, End.OBJECT, refusable=False, needs_object=True
        ),
    }
)
