"""A draft is put right before it is sent: whom it is for, and what somebody else did meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from carenet.agencies.actors import Actor
from carenet.cases.actions.cases import restrict
from carenet.referrals.actions import drafts
from tests.factories import (
    a_case,
    a_draft,
    a_member,
    a_resident,
    a_sent_referral,
    a_user,
    an_agency,
)
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
BOX = "/desk/referrals/"


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def two() -> tuple[Actor, Actor]:
    return a_member(an_agency()), a_member(an_agency(), user=a_user("中村 一郎"))


def typed(page: Any) -> dict[str, Any]:
    """Return what a browser would send of the form as it is shown."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.operation("referrals_partial_update")
def test_a_draft_is_put_right_with_a_day_as_it_is_typed() -> None:
    sender, receiver = two()
    draft = a_draft(sender, receiver.agency)
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    form = client.get(path).context["form"]
    given = {name: form[name].value() or "" for name in form.fields} | {"need": "housing"}
    given |= {"answer_wanted_by": "あした", "summary": "独居の方です", "version": draft.version}
    assert client.post(path, given).status_code == 303
    draft.refresh_from_db()
    assert (draft.need, draft.summary) == ("housing", "独居の方です")
    assert draft.answer_wanted_by is not None
    late = client.post(path, {**given, "summary": "別の言葉"})
    assert late.status_code == 412
    assert "別の言葉" in late.content.decode()
    assert client.post(path, {**given, "summary": "別の言葉"}).status_code == 412


def test_a_draft_keeps_what_is_wrong_with_it_beside_what_was_typed() -> None:
    sender, receiver = two()
    draft = a_draft(sender, receiver.agency)
    answer = desk(sender).post(f"{BOX}{draft.pk}/draft/", {"version": 1, "reason": "理由です"})
    assert answer.status_code == 422
    assert "理由です" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "²", "9" * 5000])
def test_nobody_changes_a_draft_unseen(version: str) -> None:
    sender, receiver = two()
    draft = a_draft(sender, receiver.agency)
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    refused = client.post(path, typed(client.get(path)) | {"version": version})
    assert refused.status_code == 428
    assert refused.context["seen"] is None


def test_what_was_sent_is_frozen_and_a_draft_is_its_senders_alone() -> None:
    sender, receiver = two()
    sent, draft = a_sent_referral(sender, receiver.agency), a_draft(sender, receiver.agency)
    assert desk(sender).get(f"{BOX}{sent.pk}/draft/").status_code == 409
    assert desk(receiver).post(f"{BOX}{sent.pk}/draft/", {"version": 1}).status_code == 409
    assert desk(receiver).get(f"{BOX}{draft.pk}/draft/").status_code == 404


def test_of_a_restricted_case_the_draft_names_the_person_it_is_for() -> None:
    sender, receiver = two()
    case = a_case(sender, a_resident(sender))
    draft = a_draft(sender, receiver.agency, case)
    restrict(actor=sender, case_id=case.pk)
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    page = client.get(path)
    assert receiver.user
    assert receiver.user.name not in page.content.decode()
    given = typed(page) | {"addressee": receiver.user.name, "version": draft.version}
    assert client.post(path, given).status_code == 303
    assert receiver.user.name in client.get(path).content.decode()
    drafts.send(actor=sender, referral_id=draft.pk)


def test_whom_a_draft_is_for_is_looked_for_at_the_agency_that_is_chosen_now() -> None:
    sender, one = two()
    there = a_member(an_agency(), user=a_user("佐藤 次郎"))
    case = a_case(sender, a_resident(sender), confidentiality="restricted")
    draft = a_draft(sender, one.agency, case, addressee=one.user)
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    given = typed(client.get(path)) | {"version": draft.version, "receiver": str(there.agency_id)}
    refused = client.post(path, given)
    assert refused.context["form"].errors["addressee"]
    assert "佐藤" not in refused.content.decode()
    assert client.post(path, given | {"addressee": "佐藤次郎"}).status_code == 303
    draft.refresh_from_db()
    assert (draft.receiver, draft.addressee) == (there.agency, there.user)


def test_whoever_was_named_stays_though_a_namesake_works_there() -> None:
    sender, receiver = two()
    assert receiver.user
    a_member(receiver.agency, user=a_user(receiver.user.name))
    case = a_case(sender, a_resident(sender), confidentiality="restricted")
    draft = a_draft(sender, receiver.agency, case, addressee=receiver.user)
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    assert client.post(path, typed(client.get(path)) | {"version": 1}).status_code == 303
    draft.refresh_from_db()
    assert draft.addressee == receiver.user


def test_what_was_typed_comes_back_when_a_colleague_sent_the_draft_meanwhile() -> None:
    sender, receiver = two()
    draft = a_draft(sender, receiver.agency)
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    given = typed(client.get(path)) | {"version": draft.version, "summary": "別の言葉"}
    drafts.send(actor=sender, referral_id=draft.pk)
    refused = client.post(path, given)
    assert refused.status_code == 412
    assert "別の言葉" in refused.content.decode()
    assert "no draft any more" in refused.content.decode()
    assert "once more" not in refused.content.decode().split("<main")[1]
    draft.refresh_from_db()
    assert draft.summary != "別の言葉"


def test_a_draft_for_a_pool_stays_with_its_pool_when_no_agency_is_chosen() -> None:
    sender, one = two()
    draft = a_draft(sender, None, pool=[one.agency, an_agency()])
    client, path = desk(sender), f"{BOX}{draft.pk}/draft/"
    page = client.get(path)
    assert one.agency.name in page.content.decode()
    form = page.context["form"]
    given = {name: form[name].value() or "" for name in form.fields} | {"version": 1}
    assert client.post(path, given).status_code == 303
    draft.refresh_from_db()
    assert draft.to_pool
    assert draft.pool.count() == 2


@pytest.mark.operation("referrals_discard_create")
def test_a_draft_is_thrown_away() -> None:
    actor = a_member(an_agency())
    draft = a_draft(actor, an_agency())
    sent = desk(actor).post(f"/desk/referrals/{draft.pk}/discard/", {"version": draft.version})
    assert sent.status_code == 303
    draft.refresh_from_db()
    assert draft.status == "discarded"
