"""What the pages of a referral and a case ask of the database: little, and no more for more rows."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from carenet.agencies.actors import Actor
from carenet.cases.actions.notes import write_note
from carenet.cases.models import Case
from carenet.referrals.actions import acceptance_and_outcome
from carenet.referrals.models import Referral
from tests.cases.plans import GOAL, agreed
from tests.factories import a_case, a_member, a_sent_referral, an_agency, an_attachment, api
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
#: Five of each are who asks: session, account, membership, who it is for the trail, the trail. One
#: counts what waits, for the menu.
MOST = {
    "/desk/referrals/{referral}/": 11,
    "/desk/referrals/{referral}/sheet/": 7,
    "/desk/cases/{case}/": 8,
    "/desk/cases/{case}/pack/": 8,
    "/desk/people/{person}/": 8,
    "/desk/": 12,
    "/desk/referrals/?box=outbox": 11,
    "/api/v1/referrals/?box=outbox": 11,
    "/api/v1/cases/{case}/handover/": 7,
}


def a_life(lead: Actor, number: int) -> tuple[Case, Referral]:
    """Return a case with so many referrals that were accepted.

    Notes, goals and files, and a referral.
    """
    case = a_case(lead)
    agreed(api(lead), case, *[GOAL] * number)
    for count in range(number):
        other = a_member(an_agency())
        referral = a_sent_referral(lead, other.agency, case)
        acceptance_and_outcome.accept(actor=other, referral_id=referral.pk)
        write_note(
            actor=other, case_id=case.pk, text=f"訪問 {count}", happened_at=timezone.now(),
            kind="fact", audience="case",
        )  # fmt: skip
    for count in range(number):
        an_attachment(lead, referral, f"{count}.pdf")
    return case, referral


@pytest.mark.parametrize("path", MOST)
def test_a_page_asks_little_and_no_more_for_more_rows(path: str) -> None:
    asked = []
    for number in (1, 4):
        lead = a_member(an_agency())
        case, referral = a_life(lead, number)
        ids = {"case": case.pk, "referral": referral.pk, "person": case.resident_id}
        client = Client()
        client.cookies["sessionid"] = session_of(lead)
        asked.append(len(queries(client, path.format(**ids))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= MOST[path]
