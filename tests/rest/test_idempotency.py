"""Safe retries: the same `Idempotency-Key` and body have one effect and one answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.agencies.actions import add_member, change_roles
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, Membership
from carenet.agencies.roles import Role
from carenet.cases.models import Case, ProgressNote
from carenet.residents.models import Resident
from carenet.rest.models import IdempotencyKey
from carenet.rest.tasks import forget_idempotency_keys
from carenet.rest.throttles import PrincipalThrottle
from tests.factories import (
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_system,
    an_agency,
    api,
)
from tests.rest.raw_requests import code_of, problem_of

RESIDENTS = "/api/v1/residents/"
PERSON = {"family_name": "髙橋", "given_name": "一郎"}
KEY = {"Idempotency-Key": "2f1a"}


def a_note(text: str = "訪問") -> dict[str, str]:
    return {"kind": "fact", "text": text, "happened_at": "2026-01-05T10:00:00+09:00"}


def age(span: timedelta) -> None:
    IdempotencyKey.objects.update(created_at=timezone.now() - span)


def test_the_same_request_has_one_effect_and_one_answer(client: APIClient) -> None:
    first = client.post(RESIDENTS, PERSON, headers=KEY)
    again = client.post(RESIDENTS, PERSON, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first["ETag"] == again["ETag"]
    assert first["Content-Type"] == again["Content-Type"] == "application/json"
    assert Resident.objects.count() == 1


def test_a_transition_happens_once(client: APIClient, staff: Actor) -> None:
    address = f"/api/v1/cases/{a_case(staff).pk}/plan/"
    answers = [client.post(address, {}, headers=KEY) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["planned", "planned"]
    assert answers[0]["ETag"] == answers[1]["ETag"] == '"2"'


def test_without_a_key_every_request_has_its_effect(client: APIClient) -> None:
    for _ in range(2):
        client.post(RESIDENTS, PERSON)
    assert Resident.objects.count() == 2


def test_another_body_under_the_same_key_is_refused(client: APIClient) -> None:
    client.post(RESIDENTS, PERSON, headers=KEY)
    answer = client.post(RESIDENTS, PERSON | {"given_name": "二郎"}, headers=KEY)
    assert code_of(answer, 422) == "idempotency_key_reused"
    assert Resident.objects.count() == 1


def test_access_is_checked_again_before_the_first_answer_is_shown(
    client: APIClient, staff: Actor
) -> None:
    helper = a_member(an_agency())
    case = f"/api/v1/cases/{a_case(staff).pk}/"
    share = {
        "agency": str(helper.agency_id),
        "permission": "co_support_case",
        "basis": "WITHIN_PURPOSE",
        "reason": "支援会議",
    }
    grant = client.post(f"{case}grants/", share).json()["id"]
    assert api(helper).post(f"{case}notes/", a_note(), headers=KEY).status_code == 201
    client.post(f"{case}grants/{grant}/revoke/", {})
    assert code_of(api(helper).post(f"{case}notes/", a_note(), headers=KEY), 404) == "not_found"
    assert ProgressNote.objects.count() == 1


def test_a_role_that_was_lost_is_noticed_too(client: APIClient, staff: Actor) -> None:
    client.post(RESIDENTS, PERSON, headers=KEY)
    Membership.objects.filter(user=staff.user).update(roles=[Role.WATCHER])
    assert code_of(client.post(RESIDENTS, PERSON, headers=KEY), 403) == "role_missing"


def test_what_is_gone_by_its_own_effect_is_answered_again(client: APIClient, staff: Actor) -> None:
    draft = a_draft(staff, an_agency())
    for _ in range(2):
        answer = client.post(f"/api/v1/referrals/{draft.pk}/discard/", {}, headers=KEY)
        assert answer.status_code == 204


def test_a_refusal_for_bad_input_is_kept(client: APIClient) -> None:
    call = {
        "channel": "phone",
        "relationship": "self",
        "topics": ["health"],
        "main_topic": "health",
        "content": "眠れない",
    }
    made = client.post("/api/v1/consultations/", call)
    address = f"/api/v1/consultations/{made.json()['id']}/"
    wish = {"outcome": "case_opened"}
    first = problem_of(client.post(f"{address}triage/", wish, headers=KEY), 400)
    person = client.post(RESIDENTS, PERSON).json()["id"]
    client.patch(address, {"subject": person}, headers={"If-Match": made["ETag"]})
    assert problem_of(client.post(f"{address}triage/", wish, headers=KEY), 400) == first
    assert client.post(f"{address}triage/", wish).status_code == 200


def test_a_conflict_is_kept(client: APIClient, staff: Actor) -> None:
    address = f"/api/v1/cases/{a_case(staff).pk}/"
    first = problem_of(client.post(f"{address}reopen/", {}, headers=KEY), 409)
    client.post(f"{address}close/", {"reason": "goal_reached"})
    assert problem_of(client.post(f"{address}reopen/", {}, headers=KEY), 409) == first
    assert client.post(f"{address}reopen/", {}).status_code == 200


def test_a_refused_effect_leaves_nothing_but_the_answer(client: APIClient, staff: Actor) -> None:
    case = a_case(staff)
    client.post(f"/api/v1/cases/{case.pk}/close/", {"reason": "boredom"}, headers=KEY)
    assert Case.objects.get().status == "assessing"
    assert IdempotencyKey.objects.get().status == 400


@pytest.mark.django_db
def test_nobody_signed_in_keeps_nothing() -> None:
    assert code_of(api().post(RESIDENTS, PERSON, headers=KEY), 401) == "not_authenticated"
    assert not IdempotencyKey.objects.exists()


def test_a_denial_by_role_is_not_kept(plaza: Agency) -> None:
    watcher = a_member(plaza, Role.WATCHER)
    assert api(watcher).post(RESIDENTS, PERSON, headers=KEY).status_code == 403
    membership = Membership.objects.get(user=watcher.user)
    change_roles(actor=None, membership=membership, roles=[Role.STAFF])
    assert api(watcher).post(RESIDENTS, PERSON, headers=KEY).status_code == 201


def test_a_denial_by_part_is_not_kept(client: APIClient, staff: Actor) -> None:
    helper = a_member(an_agency())
    case = f"/api/v1/cases/{a_case(staff).pk}/"
    share = {"agency": str(helper.agency_id), "basis": "WITHIN_PURPOSE", "reason": "支援会議"}
    client.post(f"{case}grants/", share | {"permission": "view_case"})
    assert api(helper).post(f"{case}notes/", a_note(), headers=KEY).status_code == 403
    client.post(f"{case}grants/", share | {"permission": "co_support_case"})
    assert api(helper).post(f"{case}notes/", a_note(), headers=KEY).status_code == 201


def test_too_many_requests_is_not_kept(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(PrincipalThrottle, "rate", "1/hour", raising=False)
        client.get(RESIDENTS)
        assert client.post(RESIDENTS, PERSON, headers=KEY).status_code == 429
    assert client.post(RESIDENTS, PERSON, headers=KEY).status_code == 201


def test_a_fault_of_ours_is_not_kept(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("carenet.residents.actions.register", None)
        assert client.post(RESIDENTS, PERSON, headers=KEY).status_code == 500
    assert client.post(RESIDENTS, PERSON, headers=KEY).status_code == 201


def test_a_colleagues_key_is_another_key(client: APIClient, plaza: Agency) -> None:
    for caller in (client, api(a_member(plaza))):
        assert caller.post(RESIDENTS, PERSON, headers=KEY).status_code == 201
    assert Resident.objects.count() == 2


def test_a_systems_key_is_another_key(plaza: Agency) -> None:
    for caller in (a_system(plaza), a_system(plaza)):
        assert caller.post(RESIDENTS, PERSON, headers=KEY).status_code == 201
    assert Resident.objects.count() == 2


def test_the_same_person_for_another_agency_is_another_key(staff: Actor) -> None:
    other = an_agency()
    assert staff.user
    add_member(actor=None, agency=other, user=staff.user, roles=[Role.STAFF])
    for agency in (staff.agency, other):
        caller = api(Actor(agency=agency, roles=staff.roles, user=staff.user))
        assert caller.post(RESIDENTS, PERSON, headers=KEY).status_code == 201
    assert {person.registered_by for person in Resident.objects.all()} == {staff.agency, other}


def test_another_address_is_another_key(client: APIClient, staff: Actor) -> None:
    for case in (a_case(staff), a_case(staff)):
        answer = client.post(f"/api/v1/cases/{case.pk}/notes/", a_note(), headers=KEY)
        assert answer.status_code == 201
    assert ProgressNote.objects.count() == 2


def test_a_key_means_nothing_on_a_read(client: APIClient) -> None:
    assert client.get("/api/v1/cases/", headers=KEY).status_code == 200
    assert not IdempotencyKey.objects.exists()


def test_a_day_later_the_key_is_free_again(client: APIClient) -> None:
    client.post(RESIDENTS, PERSON, headers=KEY)
    age(settings.IDEMPOTENCY_KEEP + timedelta(minutes=1))
    client.post(RESIDENTS, PERSON | {"given_name": "二郎"}, headers=KEY)
    assert [person.given_name for person in Resident.objects.order_by("id")] == ["一郎", "二郎"]
    assert IdempotencyKey.objects.count() == 1


def test_old_answers_are_forgotten(client: APIClient) -> None:
    client.post(RESIDENTS, PERSON, headers=KEY)
    age(settings.IDEMPOTENCY_KEEP + timedelta(minutes=1))
    client.post(RESIDENTS, PERSON, headers={"Idempotency-Key": "fresh"})
    forget_idempotency_keys()
    assert [kept.key for kept in IdempotencyKey.objects.all()] == ["fresh"]


# A kept answer is no copy.


CALL = {
    "channel": "phone", "relationship": "neighbour", "topics": ["health"], "main_topic": "health",
    "content": "怒鳴り声がする", "caller_name": "鷺沼 ツル", "caller_phone": "045-000-1234",
}  # fmt: skip


def test_what_is_kept_holds_nobody(client: APIClient) -> None:
    client.post("/api/v1/consultations/", CALL, headers=KEY)
    row = IdempotencyKey.objects.get()
    kept = f"{row.body}{row.headers}{row.shown}"
    assert not [word for word in ("鷺沼", "1234", "怒鳴") if word in kept]


def test_what_is_shown_again_is_shown_as_it_is_now(client: APIClient) -> None:
    made = client.post("/api/v1/consultations/", CALL, headers=KEY)
    address = f"/api/v1/consultations/{made.json()['id']}/"
    client.patch(address, {"caller_name": ""}, headers={"If-Match": made["ETag"]})
    again = client.post("/api/v1/consultations/", CALL, headers=KEY)
    assert (again.status_code, again.json()["caller_name"], again["ETag"]) == (201, "", '"2"')


def test_an_address_that_was_protected_since_is_not_in_a_search_again(
    staff: Actor,
) -> None:
    helper = a_member(an_agency())
    person = a_resident(staff, family_name="髙橋", address="大豆戸町1-2-3")
    a_sent_referral(staff, helper.agency, a_case(staff, person))
    first = api(helper).post(f"{RESIDENTS}search/", {"name": "髙橋"}, headers=KEY)
    assert first.json()["results"][0]["address"] == "大豆戸町1-2-3"
    Resident.objects.update(address_protected=True)
    again = api(helper).post(f"{RESIDENTS}search/", {"name": "髙橋"}, headers=KEY)
    assert [row["address"] for row in again.json()["results"]] == [None]


def test_a_refusal_that_repeats_what_was_typed_is_not_kept_but_made_anew(client: APIClient) -> None:
    wrong = CALL | {"channel": "鷺沼 ツル"}
    told = [
        problem_of(client.post("/api/v1/consultations/", wrong, headers=KEY), 400) for _ in "12"
    ]
    assert told[0] == told[1]
    assert IdempotencyKey.objects.get().body is None
