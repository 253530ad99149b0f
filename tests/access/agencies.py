"""Six agencies around one case, and everybody in them who may ask for something.

`own` leads the case and sent the referrals; `helper` has accepted one (CO_SUPPORT) and works on the
case; `asked` has just been sent one; `stranger` has no part in it; `ward` is the ward office, and `section` a section of it without a part.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from django.utils import timezone

from carenet.agencies.models import AgencyKind, WardSection
from carenet.agencies.roles import Role, Scope
from carenet.reminders.models import Delivery, Reminder
from tests.access.clients import a_client, a_token
from tests.access.personas import PERSONAS, Persona
from tests.access.scene import Scene
from tests.access.targets import furnish
from tests.agencies.sections import a_section
from tests.factories import BEHIND, a_member, an_agency, api


def a_scene() -> Scene:
    kinds = {
        "own": AgencyKind.CARE_PLAZA,
        "helper": AgencyKind.CORE_CONSULTATION_CENTER,
        "asked": AgencyKind.LIFE_SUPPORT_CENTER,
        "stranger": AgencyKind.CARE_PLAZA,
        "guest": AgencyKind.SOCIAL_WELFARE_COUNCIL,
        "ward": AgencyKind.WARD_OFFICE,
    }
    agencies = {name: an_agency(kind) for name, kind in kinds.items()}
    agencies["section"] = a_section(agencies["ward"], WardSection.LIVELIHOOD)
    actors = {
        f"{agency} {role}": a_member(agencies[agency], Role(role))
        for agency, roles in PERSONAS.items()
        for role in roles
        if role in set(Role)
    }
    actors["own colleague"] = a_member(agencies["own"])
    scene = Scene(agencies, actors, [])
    scene.personas = [
        _persona(scene, agency, role) for agency, roles in PERSONAS.items() for role in roles
    ]
    furnish(scene)
    # Nobody sweeps here: however long the suite takes, nothing is overdue to `/healthz`.
    tomorrow = timezone.now() + timedelta(days=1)
    Reminder.objects.filter(settled_at=None, due_at__lt=tomorrow).update(due_at=tomorrow)
    Delivery.objects.filter(finished_at=None, due_at__lt=tomorrow).update(due_at=tomorrow)
    return scene


def _persona(scene: Scene, agency: str, role: str) -> Persona:
    if agency == "anonymous":
        return Persona(agency, role)
    if "client" in role:
        # A scope that opens nothing yet.
        scopes = [Scope.AGENCIES_WRITE] if role == "bare client" else list(Scope)
        client_id, secret = a_client(scene.agencies[agency], scopes)
        return Persona(
            agency,
            role,
            {
                "authorization": f"Bearer {a_token(client_id, secret)}",
                "carenet-acting-person": quote(BEHIND),
            },
        )
    signed_in = api(scene.actor(f"{agency} {role}"))
    return Persona(
        agency,
        role,
        {"carenet-agency": str(scene.agencies[agency].pk)},
        signed_in.cookies["sessionid"].value,
    )
