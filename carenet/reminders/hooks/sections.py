"""A section of the ward office in which nobody works: its office is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.agencies.selectors import sections_without_people
from carenet.reminders.kinds import BaseKind
from carenet.reminders.registry import OpenMatter, ReminderRequest
from carenet.reminders.selectors import never_notified

SECTION_WITHOUT_PEOPLE = "agency.section_without_people"
#: As much of the section's name as a reminder has room for.
_ROOM = 40


class SectionWithoutPeople(BaseKind):
    """Nobody does casework in a section: its office is told, until somebody does."""

    name = SECTION_WITHOUT_PEOPLE
    subject_kind = "section"
    roles = ({Role.MANAGER, Role.COORDINATOR},)
    working_days = 5
    endless = True
    message = _(
        "Nobody works in %(code)s: what is sent there arrives at your desk. Give it people, or close it."
    )

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[Agency]:
        """Return the sections of the office that the actor manages or coordinates for."""
        if not actor.may("agencies.close"):
            return Agency.objects.none()
        return Agency.objects.filter(parent=actor.agency_id)

    def applicable(self) -> QuerySet[Any]:
        return sections_without_people()


def without_people(now: datetime) -> QuerySet[Agency]:
    """Return the sections without people of which nobody is told."""
    return sections_without_people().filter(never_notified(now)).select_related("parent")


def about_section(section: Agency, now: datetime) -> ReminderRequest:
    """Return the reminder for the office of a section."""
    return ReminderRequest(section.pk, section.name[:_ROOM], section.parent or section, now)


MATTER = OpenMatter("section", without_people, SECTION_WITHOUT_PEOPLE, about_section)
