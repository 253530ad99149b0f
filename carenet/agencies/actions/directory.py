"""Entering agencies and the corporations that run them: the operator's business alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from carenet.agencies import policy
from carenet.agencies.actions.locks import demand_valid, lock_agency, who_of
from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import Agency, AgencyKind, Designation, Operator
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand


def group_name(agency: Agency) -> str:
    """Return the name of the group that receives an agency's case grants."""
    return f"agency:{agency.pk}"


@transaction.atomic
def create_agency(
    *, actor: DirectoryKeeper, kind: AgencyKind | str, name: str, **fields: Any
) -> Agency:
    """Enter an agency, with the group that will receive its case grants.

    `fields` are those of `Agency`; a section gets the name of its office in front. Raises `Invalid`
    for values that it does not take.
    """
    demand(policy.can_keep_directory(actor))
    agency = Agency(kind=kind, name=name, **fields)
    if agency.parent:
        _name_in_full(agency, agency.parent)
    demand_valid(agency, exclude=("group",))
    agency.group = Group.objects.create(name=group_name(agency))
    agency.save(force_insert=True)
    log_write(who_of(actor), "agency.create", "agency", agency.pk, agency_kind=str(agency.kind))
    return agency


def _name_in_full(section: Agency, office: Agency) -> None:
    """Put the office in front: every list, sheet and message says which office's section it is."""
    section.municipality_code = office.municipality_code
    if section.name and not section.name.startswith(office.name):
        section.name = f"{office.name} {section.name}"
    if section.name_kana and not section.name_kana.startswith(office.name_kana):
        section.name_kana = f"{office.name_kana} {section.name_kana}"


@transaction.atomic
def register_operator(
    *, actor: DirectoryKeeper, name: str, corporate_number: str | None = None
) -> Operator:
    """Return the corporation with this number (or, without one, with this name); enter a new one."""
    demand(policy.can_keep_directory(actor))
    known = Operator.objects.filter(corporate_number=corporate_number)
    known = known if corporate_number else known.filter(name=name)
    operator = known.first()
    if operator is None:
        operator = Operator(name=name, corporate_number=corporate_number)
        demand_valid(operator)
        operator.save(force_insert=True)
        log_write(who_of(actor), "operator.create", "operator", operator.pk)
    return operator


@transaction.atomic
def designate(
    *, actor: DirectoryKeeper, agency: Agency, operator: Operator, since: date | None = None
) -> Designation:
    """Make a corporation the one that runs an agency from `since` on; today, if another ran it.

    Who ran it until then stays on record. The one that runs it already is left as it is.
    """
    demand(policy.can_keep_directory(actor))
    agency = lock_agency(agency)
    current = agency.designations.filter(until=None).first()
    if current and current.operator_id == operator.pk:
        return current
    if current:
        since = since or clock.today()
        current.until = since
        current.save(update_fields=["until"])
    designation = Designation.objects.create(agency=agency, operator=operator, since=since)
    agency.save_version()
    log_write(who_of(actor), "agency.designate", "agency", agency.pk, operator=str(operator.pk))
    return designation
