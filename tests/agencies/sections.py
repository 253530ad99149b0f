"""Sections of a ward office, as the operator enters them."""

from __future__ import annotations

from typing import Any

from carenet.agencies.actions.section_moves import confirm_section_move, prepare_section_move
from carenet.agencies.models import Agency, AgencyKind, SectionMove, WardSection
from carenet.agencies.roles import Role
from carenet.cases.actions.consultations import record, triage
from carenet.cases.models import Case
from carenet.cases.states import ConsultationStatus
from tests.factories import a_member, a_resident, an_agency


def a_section(
    office: Agency, section: WardSection = WardSection.OLDER_AND_DISABILITY, name: str = ""
) -> Agency:
    """Return a section of an office, in which nobody works yet."""
    return an_agency(
        AgencyKind.WARD_SECTION,
        name=name or f"{office.name} {section.label}",
        parent=office,
        section=section,
        municipality_code=office.municipality_code,
    )


class Ward:
    """A ward office with two sections, its manager and an officer who works in one of them as well."""

    def __init__(self, **fields: Any) -> None:
        self.office = an_agency(AgencyKind.WARD_OFFICE, **fields)
        self.manager = a_member(self.office, Role.MANAGER)
        self.officer = a_member(self.office)
        self.older = a_section(self.office)
        self.livelihood = a_section(self.office, WardSection.LIVELIHOOD)
        self.elsewhere = a_member(self.older, user=self.officer.user)
        self.other = a_member(self.livelihood)

    def case(self, topic: str = "care") -> Case:
        call = record(
            actor=self.officer, channel="phone", relationship="self", topics=[topic],
            main_topic=topic, content="…", subject=a_resident(self.officer),
        )  # fmt: skip
        triage(
            actor=self.officer,
            consultation_id=call.pk,
            outcome=ConsultationStatus.CASE_OPENED,
            urgency="normal",
        )
        call.refresh_from_db()
        return Case.objects.get(consultation=call)

    def prepared(self) -> SectionMove:
        return prepare_section_move(actor=self.manager)

    def confirm(self, move: SectionMove) -> SectionMove:
        return confirm_section_move(actor=self.manager, move_id=move.pk, version=move.version)
