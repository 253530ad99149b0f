"""Consultations that were taken, and what is sent from their pages."""

from __future__ import annotations

from typing import Any

from django.test import Client

from carenet.agencies.actors import Actor
from carenet.cases.actions import consultations
from carenet.cases.models import Consultation
from tests.staff.browser import session_of

HERE = "/desk/consultations/"
SAID: dict[str, Any] = {
    "channel": "phone",
    "relationship": "neighbour",
    "topics": ["health"],
    "main_topic": "health",
    "content": "新聞が三日たまっている",
}
TYPED = SAID | {"received_at": "けさ", "urgency": "soon"}
OPENED = {"outcome": "case_opened", "urgency": "soon", "confidentiality": "normal"}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def a_call(actor: Actor, **fields: Any) -> Consultation:
    return consultations.record(actor=actor, **(SAID | fields))


def of(consultation: Consultation) -> str:
    return f"{HERE}{consultation.pk}/"


def decide(actor: Actor, consultation: Consultation, **given: Any) -> Any:
    body = OPENED | {"version": consultation.version} | given
    return desk(actor).post(f"{of(consultation)}triage/", body)


def complete(actor: Actor, consultation: Consultation, **given: Any) -> Any:
    body = TYPED | {"version": consultation.version} | given
    return desk(actor).post(f"{of(consultation)}edit/", body)
