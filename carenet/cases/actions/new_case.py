"""Opening a case."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.actions.locks import index, name_members, remind_of_missing_person
from carenet.cases.models import Case, Confidentiality, Consultation
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.residents.actions import demand_unmerged
from carenet.residents.actions.locks import lock_living_resident
from carenet.residents.models import Resident


@transaction.atomic
def open_case(
    *,
    actor: Actor,
    resident: Resident,
    summary: str,
    consultation: Consultation | None = None,
    confidentiality: str = Confidentiality.NORMAL,
) -> Case:
    """Open a case of a resident (whom the caller has looked up as visible) under the actor's agency.

    The person who opens it is in charge, and the first named member when it is restricted; of what a
    system opens nobody is, and the managers are told. Raises `Conflict` for a person whose record has
    ended.
    """
    demand(actor.may("cases.open"))
    lock_living_resident(resident)
    if confidentiality == Confidentiality.RESTRICTED and actor.user is None:
        raise Invalid(
            {"confidentiality": _("A restricted case is opened by a person, its first member.")}
        )
    case = Case.objects.create(
        resident=resident,
        consultation=consultation,
        lead_agency=actor.agency,
        person_in_charge=actor.user,
        summary=summary,
        confidentiality=confidentiality,
    )
    demand_unmerged(resident.pk)
    if case.restricted:
        name_members(case, actor.user, actor.user)
    index(case)
    remind_of_missing_person(case)
    log_write(actor.who, "case.open", "case", case.pk)
    return case
