"""The list's rule and the object's rule of abuse reports are one, and the list is flat."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from carenet.abuse import policy
from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.agencies.actors import Actor, system_actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import HUMAN_ROLES
from carenet.cases.models import CaseMember
from tests.abuse.requests import REPORTS, WORDS
from tests.factories import a_case, a_member, an_agency, api

FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT")


def some_reports(worker: Actor, office: Actor, number: int) -> list[AbuseReport]:
    """Reports on as many cases, each with a deadline; named are the worker and the office."""
    now, made = timezone.now(), []
    for case in [a_case(worker, confidentiality="restricted") for _ in range(number)]:
        CaseMember.objects.create(case=case, user_id=str(office.user_id))
        report = AbuseReport.objects.create(
            case=case, taken_by=worker.agency, recorded_by_id=str(worker.user_id),
            ward_office=office.agency, received_at=now, **WORDS,
        )  # fmt: skip
        AbuseDeadline.objects.create(report=report, step="check_facts", due_at=now)
        made.append(report)
    return made


def test_what_is_listed_is_what_may_be_seen(worker: Actor, office: Actor) -> None:
    """In every role, of both agencies and of a third, named, named no longer, and not named."""
    agencies = (worker.agency, office.agency, an_agency(AgencyKind.CORE_CONSULTATION_CENTER))
    people = [a_member(agency, role) for agency in agencies for role in HUMAN_ROLES]
    reports = some_reports(worker, office, 3)
    now = timezone.now()
    for person in people:
        lasting, ended = (
            {"user_id": str(person.user_id), "given_at": now - timedelta(days=2), "until": until}
            for until in (None, now - timedelta(days=1))
        )
        CaseMember.objects.create(case=reports[0].case, **lasting)
        CaseMember.objects.create(case=reports[1].case, **ended)
    seen = []
    for actor in [*people, worker, office, system_actor(worker.agency)]:
        found = set(policy.reports_visible_to(actor))
        assert found == {each for each in reports if policy.can_view_report(actor, each)}
        seen.append(len(found))
    assert sorted(seen) == [0] * 10 + [1] * 6 + [3] * 2


def test_few_reports_and_many_cost_the_same(worker: Actor, office: Actor) -> None:
    counts = []
    for number in (3, 8):
        some_reports(worker, office, number)
        client = api(office)
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(REPORTS, {"limit": 200}).json()["results"]
        queries = [each["sql"] for each in captured.captured_queries]
        counts.append(sum(not sql.startswith(FRAME) for sql in queries))
    assert len(shown) == 11
    assert counts[0] == counts[1]
