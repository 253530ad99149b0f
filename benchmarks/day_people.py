"""Who works in a ward on a mixed day, and what each of them asks for."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.test.utils import override_settings
from django.utils.crypto import get_random_string

from benchmarks.cost import signed_in
from benchmarks.ward import PASSWORD, Ward
from carenet.accounts.actions.accounts import create_account
from carenet.agencies.actions import add_member
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.cases.policy import visible_to
from carenet.cases.states import OPEN
from carenet.core import clock

#: How many cases one person has to do with on that day.
CASES = 10
SHARES = {"pages": 0.3, "lists": 0.5, "writes": 0.2}
#: Nobody signs in with a password: one that is cheap to keep will do.
_CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]
Ask = dict[str, Any]


def people_of(ward: Ward, number: int) -> list[dict[str, Any]]:
    """Return so many people of the ward's agencies, signed in, as `benchmarks.load` takes them."""
    agencies = _agencies(ward)
    writers = {each.agency_id for each in (*ward.leads, ward.core)}
    found = []
    for n in range(number):
        actor = agencies[n % len(agencies)]
        cases = _cases(actor, n // len(agencies))
        asks = {
            "pages": _pages(cases),
            "lists": _lists(cases),
            "writes": _writes(cases if actor.agency_id in writers else []),
        }
        found.append({**browser_of(_member(actor)), "asks": asks})
    return found


def browser_of(user: User) -> dict[str, str]:
    """Return the cookies of somebody who has signed in, and the token that goes with each form."""
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    csrf = get_random_string(32)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={csrf}"
    return {"cookie": cookie, "csrf": csrf}


def _agencies(ward: Ward) -> list[Actor]:
    every = (*ward.leads, ward.core, *ward.callers.values())
    return list({each.agency_id: each for each in every}.values())


def _member(actor: Actor) -> User:
    with override_settings(PASSWORD_HASHERS=_CHEAP):
        name = f"day-{secrets.token_hex(8)}"
        user = create_account(username=name, name="測定 太郎", password=PASSWORD)
    add_member(actor=None, agency=actor.agency, user=user, roles=frozenset({Role.STAFF}))
    return user


def _cases(actor: Actor, number: int) -> list[Case]:
    """Return those that this one of the agency's people has to do with: others than the next one's."""
    visible = visible_to(actor).filter(status__in=sorted(OPEN)).select_related("resident")
    start = number * CASES % max(visible.count() - CASES, 1)
    return list(visible.order_by("pk")[start : start + CASES])


def _pages(cases: list[Case]) -> dict[str, list[Ask]]:
    return {
        "Today": [_get("/desk/")],
        "case": [_get(f"/desk/cases/{each.pk}/") for each in cases],
        "person": [_get(f"/desk/people/{each.resident_id}/") for each in cases],
        "cases": [_get("/desk/cases/")],
        "referrals": [_get("/desk/referrals/")],
    }


def _lists(cases: list[Case]) -> dict[str, list[Ask]]:
    """Return lists over the API, and what pages ask for by themselves while somebody types."""
    people = [each.resident for each in cases]
    typed = [each.family_kana[:2] for each in people] + [each.family_name for each in people]
    return {
        "my open cases (API)": [_get("/api/v1/cases/")],
        "referral inbox (API)": [_get("/api/v1/referrals/?box=inbox")],
        "search (API)": [
            {"method": "POST", "address": "/api/v1/residents/search/", "json": {"name": each}}
            for each in typed
        ],
        "people found": [_part("/desk/people/", q=each) for each in typed],
        "people of a consultation": [_part("/desk/consultations/people/", q=e) for e in typed],
        "agencies found": [_part("/desk/consultations/agencies/", receiver_q="測定")],
    }


def _writes(cases: list[Case]) -> dict[str, list[Ask]]:
    now = clock.now().isoformat()
    note = {"kind": "fact", "text": "電話で様子をうかがう。変わりなし。", "happened_at": now}
    call = {
        "received_at": now,
        "channel": "phone",
        "relationship": "neighbour",
        "topics": ["community"],
        "main_topic": "community",
        "content": "隣の人が三日前から玄関に出てこない。新聞がたまっている。",
    }
    recorded = {"method": "POST", "address": "/api/v1/consultations/", "json": call}
    noted = [
        {"method": "POST", "address": f"/api/v1/cases/{each.pk}/notes/", "json": note}
        for each in cases
    ]
    found = {"consultation": [recorded]}
    return {**found, "note": noted} if noted else found


def _get(address: str) -> Ask:
    return {"method": "GET", "address": address}


def _part(address: str, **typed: str) -> Ask:
    return {"method": "POST", "address": address, "form": typed}
