"""Open pools on the desk: what the board tells before a claim, and what it tells whoever is late."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditAction, AuditEntry
from carenet.referrals.actions import pools
from carenet.referrals.models import Referral
from carenet.referrals.states import ReferralStatus
from carenet.reminders.actions import work_once
from tests.factories import a_case, a_member, a_resident, a_sent_referral, a_user, an_agency
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
POOL = "/desk/referrals/pool/"
AS_PART = {"hx-request": "true"}


def desk(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(actor)
    return client


def three() -> tuple[Actor, Actor, Actor]:
    return a_member(an_agency()), a_member(an_agency()), a_member(an_agency())


def offered(sender: Actor, *members: Actor, **fields: Any) -> Referral:
    return a_sent_referral(sender, None, pool=[each.agency for each in members], **fields)


def claim(actor: Actor, referral: Referral, **headers: Any) -> Any:
    return desk(actor).post(f"{POOL}{referral.pk}/claim/", **headers)


def test_the_board_tells_codes_and_dates_and_nobody() -> None:
    sender, one, other = three()
    born_in = timezone.localdate().year - 85
    person = a_resident(
        sender, family_name="鷗沢", birth_precision="year", birth_year=born_in,
        address="港北区大豆戸町1-1", phone="045-777-0000",
    )  # fmt: skip
    case = a_case(sender, person, summary="独居です")
    words = {"reason": "理由の言葉", "summary": "要約の言葉", "need_text": "必要の言葉"}
    sent = offered(sender, one, other, case=case, need="housing", **words)
    for path in (POOL, f"{POOL}{sent.pk}/"):
        page = desk(one).get(path).content.decode()
        assert "housing" in page
        assert "80 to 89" in page
        assert "141097" in page
        hidden = [
            *words.values(), "鷗沢", "大豆戸", "045-777", str(born_in), "独居です", case.code,
            sent.code, str(person.pk), str(case.pk), sender.agency.name,
        ]  # fmt: skip
        assert [word for word in hidden if word in page] == []


def test_nothing_stands_there_for_an_agency_that_was_not_asked() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    stranger = a_member(an_agency())
    assert desk(stranger).get(POOL).context["lines"] == []
    assert desk(sender).get(POOL).context["lines"] == []
    assert desk(stranger).get(f"{POOL}{sent.pk}/").status_code == 404
    assert claim(stranger, sent).status_code == 404


def test_looking_at_the_board_is_on_record() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    desk(one).get(POOL)
    entry = AuditEntry.objects.get(deed=AuditAction.READ, agency_id=one.agency_id)
    assert (entry.object_kind, entry.object_ids) == ("referral", [sent.pk])


@pytest.mark.operation("referrals_claim_create")
def test_who_claims_it_is_led_to_the_referral() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    answer = claim(one, sent)
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/desk/referrals/{sent.pk}/?done=claim",
    )
    sent.refresh_from_db()
    assert (sent.receiver, sent.status) == (one.agency, ReferralStatus.RECEIVED)


def test_in_the_list_it_becomes_a_line_that_names_the_person_and_leads_on() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    answer = claim(one, sent, headers=AS_PART)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sent.code in page
    assert f'href="/desk/referrals/{sent.pk}/"' in page
    assert "<html" not in page


def test_the_board_leads_to_what_the_agency_has_claimed() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    pools.claim(actor=one, referral_id=sent.pk)
    answer = desk(one).get(f"{POOL}{sent.pk}/")
    assert answer["Location"] == f"/desk/referrals/{sent.pk}/"
    assert desk(sender).get(f"{POOL}{sent.pk}/")["Location"] == answer["Location"]
    assert desk(other).get(f"{POOL}{sent.pk}/").status_code == 404


def test_the_address_on_its_sheet_leads_an_agency_of_the_pool_to_the_board() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    address = f"/desk/referrals/{sent.pk}/"
    assert desk(one).get(address)["Location"] == f"{POOL}{sent.pk}/"
    assert desk(a_member(an_agency())).get(address).status_code == 404


def test_a_reminder_of_it_on_today_leads_to_the_board() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    assert sent.due_at
    while work_once(now=sent.due_at):
        pass
    assert f"{POOL}{sent.pk}/" in desk(one).get("/desk/").content.decode()


def test_who_comes_second_reads_that_a_claim_goes_to_one_agency() -> None:
    sender, one, other = three()
    sent, still = offered(sender, one, other), offered(sender, one, other)
    pools.claim(actor=one, referral_id=sent.pk)
    answer = claim(other, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A claim goes to one agency" in page
    assert sent.code not in page
    assert one.agency.name not in page
    assert [line.entry.id for line in answer.context["lines"]] == [still.pk]


def test_in_the_list_the_explanation_stands_where_the_line_was() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    pools.claim(actor=one, referral_id=sent.pk)
    answer = claim(other, sent, headers=AS_PART)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'id="row-{sent.pk}"' in page
    assert "A claim goes to one agency" in page
    assert "<html" not in page


def test_a_colleague_who_was_first_is_named() -> None:
    sender, one, other = three()
    colleague = a_member(one.agency, user=a_user("鈴木 次郎"))
    sent = offered(sender, one, other)
    pools.claim(actor=colleague, referral_id=sent.pk)
    page = claim(one, sent).content.decode()
    assert "鈴木 次郎" in page
    assert sent.code in page


def test_a_manager_sees_the_board_and_why_the_claim_is_not_theirs() -> None:
    sender, one, other = three()
    sent = offered(sender, one, other)
    manager = a_member(one.agency, Role.MANAGER)
    for path in (POOL, f"{POOL}{sent.pk}/"):
        page = desk(manager).get(path)
        assert "staff" in str(page.context["claim"].basis)
        assert "/claim/" not in page.content.decode()
    assert claim(manager, sent).status_code == 403


def test_the_board_turns_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    sender, one, other = three()
    ids = {offered(sender, one, other).pk for _ in range(3)}
    monkeypatch.setattr("carenet.staff.pages.pool.MOST", 2)
    client = desk(one)
    first = client.get(POOL)
    second = client.get(f"{POOL}?{first.context['next']}")
    back = client.get(f"{POOL}?{second.context['previous']}")
    told = [[line.entry.id for line in page.context["lines"]] for page in (first, second, back)]
    assert {*told[0], *told[1]} == ids
    assert [len(each) for each in told] == [2, 1, 2]
    assert client.get(POOL, {"after": "x"}).status_code == 400


def test_a_long_board_costs_as_many_queries_as_a_short_one() -> None:
    sender, one, other = three()
    client = desk(one)
    offered(sender, one, other)
    few = len(queries(client, POOL))
    for _ in range(5):
        offered(sender, one, other)
    assert len(queries(client, POOL)) == few <= 10
