"""Sections of a ward office, as the operator enters them."""

from __future__ import annotations

from carenet.agencies.models import Agency, AgencyKind, WardSection
from tests.factories import an_agency


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
