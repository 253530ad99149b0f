"""Lists cost the same whatever an agency holds, and show exactly what may be seen, in due order.

Counted are the queries of a page: what is shown, and the trail of it. Not counted is who asks (session,
account, membership or token), and what only frames a transaction (savepoints, settings).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from carenet.access.models import NO_DATE
from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.cases import policy as case_policy
from carenet.cases.actions.cases import move, restrict
from carenet.cases.actions.locks import index as index_case
from carenet.cases.actions.shares import name_member, share_case
from carenet.cases.models import Case, CaseShare, Confidentiality, EndReason
from carenet.cases.states import OPEN, CaseVerb
from carenet.referrals import policy as referral_policy
from carenet.referrals.actions.transitions import index as index_referral
from carenet.referrals.models import Attachment, Referral
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_sent_referral, a_system, an_agency, api

pytestmark = pytest.mark.django_db
CASES, INBOX = "/api/v1/cases/", "/api/v1/referrals/?box=inbox"
FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "SELECT set_config")
WHO_ASKS = ("django_session", 'FROM "agencies_user"', 'FROM "agencies_membership"', "oauth2_")
MOST = 10


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def desk() -> Actor:
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))


def many_cases(lead: Actor, number: int) -> list[Case]:
    """Open cases of as many people: every third restricted and in the hands of the lead."""
    people = Resident.objects.bulk_create(
        Resident(registered_by=lead.agency, family_name=f"髙橋{each}") for each in range(number)
    )
    made = [
        Case(
            resident=person, lead_agency=lead.agency, person_in_charge=lead.user,
            confidentiality=list(Confidentiality)[each % 3 == 0], summary="…",
            next_action="電話" if each % 4 else "",
            next_action_on=date(2027, 1, 1 + each % 5) if each % 4 else None,
        )
        for each, person in enumerate(people)
    ]  # fmt: skip
    pks = [each.pk for each in Case.objects.bulk_create(made)]
    found = list(Case.objects.filter(pk__in=pks).order_by("pk"))
    for case in found:
        if case.restricted:
            case.members.create(user_id=str(lead.user_id), given_by=lead.user)
        index_case(case)
    return found


def many_referrals(lead: Actor, desk: Actor, number: int) -> list[Referral]:
    """Referrals that wait for the desk's answer, of cases as above; the desk is named where needed."""
    now = timezone.now()
    made = []
    for each, case in enumerate(many_cases(lead, number)):
        if case.restricted:
            case.members.create(user_id=str(desk.user_id), given_by=lead.user)
        made.append(
            Referral(
                kind="CO_SUPPORT", need="other", reason="…", status="sent", sent_at=now, case=case,
                resident_id=case.resident_id, sender=lead.agency, sender_person=lead.user,
                receiver=desk.agency, sharing_basis="WITHIN_PURPOSE",
                due_at=now + timedelta(hours=each % 5) if each % 4 else None,
            )
        )  # fmt: skip
    pks = [each.pk for each in Referral.objects.bulk_create(made)]
    found = list(Referral.objects.filter(pk__in=pks).select_related("case").order_by("pk"))
    for referral in found:
        index_referral(referral)
    return found


def share(lead: Actor, case: Case, guest: Actor) -> None:
    share_case(
        actor=lead, case_id=case.pk, agency=guest.agency,
        codename="view_case", basis="WITHIN_PURPOSE", reason="会議",
    )  # fmt: skip


def queries_of(client: APIClient, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, {"limit": 200})
    assert answer.status_code == 200
    queries = [each["sql"] for each in captured.captured_queries]
    return [
        sql
        for sql in queries
        if not sql.startswith(FRAME) and not any(table in sql for table in WHO_ASKS)
    ]


def pages(client: APIClient, address: str, *, limit: int, follow: str = "next") -> list[list[str]]:
    """Return the ids of each page, following the links of the answers."""
    found, link = [], f"{address}{'&' if '?' in address else '?'}limit={limit}"
    while link:
        answer = client.get(link).json()
        found.append([row["id"] for row in answer["results"]])
        link = answer[follow]
    return found


def last_page(client: APIClient, address: str, *, limit: int) -> str:
    link = f"{address}{'&' if '?' in address else '?'}limit={limit}"
    while following := client.get(link).json()["next"]:
        link = following
    return link


def flat(found: list[list[str]]) -> list[str]:
    return [each for page in found for each in page]


# What a page costs.


def the_cases(lead: Actor, _desk: Actor) -> tuple[Actor, str, Callable[[int], Any]]:
    return lead, CASES, lambda number: many_cases(lead, number)


def the_inbox(lead: Actor, desk: Actor) -> tuple[Actor, str, Callable[[int], Any]]:
    return desk, INBOX, lambda number: many_referrals(lead, desk, number)


def the_pool(lead: Actor, desk: Actor) -> tuple[Actor, str, Callable[[int], Any]]:
    return desk, "/api/v1/referral-pool/", lambda number: in_a_pool(lead, desk, number)


def in_a_pool(lead: Actor, desk: Actor, number: int) -> None:
    for referral in many_referrals(lead, desk, number):
        referral.receiver, referral.to_pool = None, True
        referral.save()
        referral.pool.add(desk.agency)
        index_referral(referral)


@pytest.mark.parametrize("a_list", [the_cases, the_inbox, the_pool])
@pytest.mark.parametrize("asking", ["person", "system"])
def test_a_page_takes_ten_queries_at_most_whatever_its_rows(
    lead: Actor,
    desk: Actor,
    asking: str,
    a_list: Callable[[Actor, Actor], tuple[Actor, str, Callable[[int], Any]]],
) -> None:
    reader, address, fill = a_list(lead, desk)
    client = api(reader) if asking == "person" else a_system(reader.agency)
    fill(3)
    few = queries_of(client, address)
    fill(8)
    many = queries_of(client, address)
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= MOST, "\n".join(many)


def test_the_longest_page_costs_as_much_as_a_short_one(lead: Actor) -> None:
    client = api(lead)
    many_cases(lead, 3)
    few = queries_of(client, CASES)
    many_cases(lead, 197)
    assert len(queries_of(client, CASES)) == len(few)


def test_the_referrals_of_a_case_cost_the_same_for_few_and_for_many(
    lead: Actor, desk: Actor
) -> None:
    case, client = a_case(lead), api(lead)
    address = f"/api/v1/cases/{case.pk}/referrals/"
    counts = []
    for number in (3, 8):
        made = many_referrals(lead, desk, number)
        Referral.objects.filter(pk__in=[each.pk for each in made]).update(case=case)
        counts.append(len(queries_of(client, address)))
    assert counts[0] == counts[1] <= MOST


def test_the_files_of_a_referral_cost_the_same_for_few_and_for_many(
    lead: Actor, desk: Actor
) -> None:
    sent, client = a_sent_referral(lead, desk.agency), api(desk)
    counts = []
    for number in (3, 8):
        Attachment.objects.bulk_create(
            Attachment(
                referral=sent, name="a.pdf", media_type="application/pdf", size=1,
                by_agency=lead.agency, by_user=lead.user, stored_as=f"{number}/{each}",
            )
            for each in range(number)
        )  # fmt: skip
        counts.append(len(queries_of(client, f"/api/v1/referrals/{sent.pk}/attachments/")))
    assert counts[0] == counts[1] <= MOST


def test_shared_cases_cost_no_more_than_own_ones(lead: Actor, desk: Actor) -> None:
    for case in many_cases(lead, 6):
        share(lead, case, desk)
    assert len(queries_of(api(desk), CASES)) == len(queries_of(api(lead), CASES))


# The order, and the pages.


@pytest.mark.parametrize("limit", [1, 7, 19, 20, 21])
def test_case_pages_show_each_row_once_next_due_first(lead: Actor, limit: int) -> None:
    made = many_cases(lead, 20)
    expected = sorted(made, key=lambda case: (case.next_due or NO_DATE, case.pk))
    found = pages(api(lead), CASES, limit=limit)
    assert flat(found) == [str(case.pk) for case in expected]
    assert {len(page) for page in found[:-1]} <= {limit}


@pytest.mark.parametrize("limit", [1, 7, 20])
def test_inbox_pages_show_each_row_once_soonest_due_first(
    lead: Actor, desk: Actor, limit: int
) -> None:
    made = many_referrals(lead, desk, 20)
    expected = sorted(made, key=lambda referral: (referral.due_at or NO_DATE, referral.pk))
    found = pages(api(desk), INBOX, limit=limit)
    assert flat(found) == [str(referral.pk) for referral in expected]


@pytest.mark.parametrize("limit", [1, 7, 19, 20, 21])
def test_the_way_back_shows_the_same_rows(lead: Actor, limit: int) -> None:
    many_cases(lead, 20)
    reader = api(lead)
    forwards = flat(pages(reader, CASES, limit=limit))
    end = last_page(reader, CASES, limit=limit)
    backwards, link = [], end
    while link:
        answer = reader.get(link).json()
        backwards.append([row["id"] for row in answer["results"]])
        link = answer["previous"]
    assert flat(backwards[::-1]) == forwards


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_behind(lead: Actor) -> None:
    many_cases(lead, 3)
    only = api(lead).get(CASES, {"limit": 3}).json()
    assert (only["previous"], only["next"]) == (None, None)


def test_an_empty_list_is_a_page(lead: Actor) -> None:
    assert api(lead).get(CASES).json() == {"results": [], "next": None, "previous": None}


def test_what_comes_in_while_one_pages_on_moves_nothing(lead: Actor) -> None:
    made = many_cases(lead, 6)
    reader = api(lead)
    first = reader.get(CASES, {"limit": 3}).json()
    for case in many_cases(lead, 6):  # undated and dated ones, in front and behind
        made.append(case)
    rest = flat([[row["id"] for row in first["results"]], *_following(reader, first["next"])])
    assert len(rest) == len(set(rest))


def _following(reader: APIClient, link: str | None) -> list[list[str]]:
    found = []
    while link:
        answer = reader.get(link).json()
        found.append([row["id"] for row in answer["results"]])
        link = answer["next"]
    return found


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_what_is_reached_in_two_ways_is_listed_once(restricted: bool, limit: int) -> None:
    """The ward office sends as S and coordinates as C."""
    office = a_member(an_agency(AgencyKind.WARD_OFFICE), Role.STAFF, Role.COORDINATOR)
    core = a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
    sent = []
    for _ in range(3):
        case = a_case(office)
        if restricted:
            restrict(actor=office, case_id=case.pk)
        sent.append(a_sent_referral(office, core.agency, case, addressee=core.user))
    found = flat(pages(api(office), "/api/v1/referrals/", limit=limit))
    assert sorted(found) == sorted(str(each.pk) for each in sent)


# The list is what may be seen.


def listed(actor: Actor, address: str) -> set[str]:
    return set(flat(pages(api(actor), address, limit=50)))


def test_my_open_cases_are_the_visible_open_cases(lead: Actor, desk: Actor) -> None:
    for each, case in enumerate(many_cases(lead, 12)):
        share(lead, case, desk)
        if each % 4 == 0:
            move(actor=lead, case_id=case.pk, verb=CaseVerb.CLOSE, reason=EndReason.OTHER)
    many_cases(desk, 3)
    for actor in (lead, desk, a_member(lead.agency), a_member(desk.agency, Role.MANAGER)):
        visible = case_policy.visible_to(actor).filter(status__in=list(OPEN))
        assert listed(actor, CASES) == {str(case.pk) for case in visible}


def test_a_restricted_case_is_listed_for_the_named_alone(lead: Actor) -> None:
    case = a_case(lead, confidentiality="restricted")
    colleague, named = a_member(lead.agency), a_member(lead.agency)
    assert named.user
    name_member(actor=lead, case_id=case.pk, user=named.user)
    assert listed(named, CASES) == {str(case.pk)}
    assert listed(colleague, CASES) == set()
    assert a_system(lead.agency).get(CASES).json()["results"] == []


def test_a_naming_that_is_over_lists_nothing(lead: Actor) -> None:
    case = a_case(lead, confidentiality="restricted")
    colleague = a_member(lead.agency)
    assert colleague.user
    over = timezone.now() - timedelta(hours=1)
    case.members.create(user=colleague.user, given_at=over - timedelta(hours=1), until=over)
    assert listed(colleague, CASES) == set()


def test_a_share_that_has_run_out_lists_nothing(lead: Actor, desk: Actor) -> None:
    case = a_case(lead)
    share(lead, case, desk)
    assert listed(desk, CASES) == {str(case.pk)}
    CaseShare.objects.update(until=timezone.now() - timedelta(hours=1))
    index_case(case)
    assert listed(desk, CASES) == set()


def test_the_inbox_is_what_may_be_seen_of_what_came_in(lead: Actor, desk: Actor) -> None:
    sent = many_referrals(lead, desk, 9)
    for referral in sent[:4]:
        referral.r_until = timezone.now() - timedelta(hours=1)
        referral.save()
        index_referral(referral)
    colleague = a_member(desk.agency)
    for actor in (desk, colleague, a_member(desk.agency, Role.MANAGER)):
        visible = referral_policy.visible_to(actor).filter(receiver=desk.agency)
        assert listed(actor, INBOX) == {str(each.pk) for each in visible}
    assert listed(colleague, INBOX) < listed(desk, INBOX)


def test_a_system_pages_through_one_status_of_one_box(lead: Actor, desk: Actor) -> None:
    sent = [each for each in many_referrals(lead, desk, 9) if not each.case.restricted]
    found = pages(a_system(desk.agency), f"{INBOX}&status=sent", limit=2)
    assert sorted(flat(found)) == sorted(str(each.pk) for each in sent)


def test_a_coordinator_of_a_plaza_has_an_empty_list(lead: Actor) -> None:
    answer = api(a_member(lead.agency, Role.COORDINATOR)).get("/api/v1/referrals/")
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_nothing_is_my_turn_in_a_status_where_nobody_has_to_act(lead: Actor) -> None:
    answer = api(lead).get("/api/v1/referrals/?turn=mine&status=closed")
    assert (answer.status_code, answer.json()["results"]) == (200, [])
