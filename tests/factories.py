"""Small builders: agencies, people and systems that act for them, and ways to call the API."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from itertools import count
from secrets import token_hex
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from carenet.accounts.actions.clients import create_client
from carenet.accounts.backends import SessionStore
from carenet.agencies.actions.directory import group_name
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, Membership, User
from carenet.agencies.roles import CASEWORK_ROLES, Role, Scope
from carenet.cases.actions.new_case import open_case
from carenet.cases.models import Case
from carenet.referrals.actions.attachments import attach
from carenet.referrals.actions.drafts import draft, send
from carenet.referrals.models import Attachment, Referral
from carenet.residents.actions import register
from carenet.residents.models import Resident

#: An id that no row has; random ones would give parametrised tests a new name in each process.
NOWHERE = UUID(int=0)
PASSWORD = "とても長い合言葉です-1"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
#: Who answers for what a system writes.
BEHIND = "佐々木 望"
_number = count(1)


def an_agency(kind: AgencyKind = AgencyKind.CARE_PLAZA, name: str = "", **fields: Any) -> Agency:
    """Return an agency as the operator enters it, with its group, unchecked and without the trail."""
    agency = Agency(kind=kind, name=name or f"{kind.label} {next(_number)}", **fields)
    agency.group = Group.objects.create(name=group_name(agency))
    agency.save(force_insert=True)
    return agency


def a_user(name: str = "山田 花子", username: str = "") -> User:
    username = username or f"user{next(_number)}"
    return User.objects.create(username=username, name=name, password=_hashed())


@cache
def _hashed() -> str:
    """Return what an account keeps of the password, which all accounts of the suite have."""
    return make_password(PASSWORD)


def a_member(agency: Agency, *roles: Role, user: User | None = None) -> Actor:
    """Return the actor of a new member in these roles, staff without any."""
    user = user or a_user()
    held = frozenset(roles or {Role.STAFF})
    # As it stands once an invitation is accepted, and in rows from before an auditor had no other role.
    Membership.objects.create(agency=agency, user=user, roles=[r for r in Role if r in held])
    if held & CASEWORK_ROLES:
        user.groups.add(agency.group_id)
    return Actor(agency=agency, roles=held, user=user)


def a_resident(actor: Actor, **fields: Any) -> Resident:
    """Register a person; nobody asks whether they are there already, unless `new_because` is empty."""
    given = {
        "family_name": "髙橋", "given_name": "一郎", "family_kana": "タカハシ",
        "new_because": "別の人と確認した",
    } | fields  # fmt: skip
    if given.get("address_protected"):
        given.setdefault("address", "港北区大豆戸町26-1")
    return register(actor=actor, **given)


def a_case(actor: Actor, resident: Resident | None = None, **fields: Any) -> Case:
    resident = resident or a_resident(actor)
    return open_case(actor=actor, resident=resident, **({"summary": "独居、応答なし"} | fields))


def a_draft(
    actor: Actor, receiver: Agency | None, case: Case | None = None, **fields: Any
) -> Referral:
    case = case or a_case(actor)
    words: dict[str, Any] = {
        "kind": "CO_SUPPORT",
        "need": "assessment",
        "reason": "玄関に応答がない",
        "urgency": "normal",
        "sharing_basis": "CONSENT" if fields.get("consent") else "WITHIN_PURPOSE",
    }
    return draft(actor=actor, case_id=case.pk, receiver=receiver, **(words | fields))


def a_sent_referral(
    actor: Actor, receiver: Agency | None, case: Case | None = None, **fields: Any
) -> Referral:
    """Send a draft, however often the same has been asked."""
    prepared = a_draft(actor, receiver, case, **fields)
    return send(actor=actor, referral_id=prepared.pk, duplicate_reason="前回は不調")


def an_attachment(
    actor: Actor, referral: Referral, name: str = "診断書.pdf", content: bytes = PDF
) -> Attachment:
    file = SimpleUploadedFile(name, content, "application/octet-stream")
    return attach(actor=actor, referral_id=referral.pk, file=file)


def api(actor: Actor | None = None, **headers: str) -> APIClient:
    """Return a client of the API, signed in as the actor's user, acting for the actor's agency."""
    client = APIClient(headers={"accept-language": "en", **headers})
    if actor and actor.user:
        client.cookies[settings.SESSION_COOKIE_NAME] = a_session(actor.user)
        client.credentials(HTTP_CARENET_AGENCY=str(actor.agency_id))
    return client


def a_session(user: User, **more: str) -> str:
    """Return the key of a new session in which the person is signed in, with `more` in its data.

    It stands there as it does after signing in; the tests of signing in go the whole way.
    """
    key = token_hex(16)
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    SessionStore(key).create_model_instance(data | more).save(force_insert=True)
    return key


def a_system(agency: Agency, *scopes: Scope) -> APIClient:
    """Return a client of the API with a bearer token of a new OAuth client, all scopes without any.

    It names somebody who answers for what it writes.
    """
    wanted = [scope.value for scope in scopes or Scope]
    app, secret = create_client(agency=agency, name=f"system {next(_number)}", scopes=wanted)
    pair = b64encode(f"{app.client_id}:{secret}".encode()).decode()
    answer = APIClient().post(
        "/oauth/token/",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 200, answer.content
    client = APIClient(headers={"accept-language": "en", "carenet-acting-person": quote(BEHIND)})
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access_token']}")
    return client
