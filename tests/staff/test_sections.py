"""The pages on which the ward office's manager lets things go to the sections."""

from __future__ import annotations

import pytest
from django.test import Client

from carenet.agencies.models import SectionMove
from tests.agencies.sections import Ward
from tests.staff.browser import session_of
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
#: Five of each are who asks: session, account, membership, who it is for the trail, the trail.
MOST = 12


def desk_of(ward: Ward) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["sessionid"] = session_of(ward.manager)
    return client


@pytest.mark.operation(
    "section_moves_choose_create", "section_moves_confirm_create", "section_moves_create"
)
def test_a_manager_prepares_chooses_and_confirms() -> None:
    ward = Ward()
    case = ward.case("other")
    desk = desk_of(ward)
    assert desk.post("/desk/sections/").status_code == 303
    move = SectionMove.objects.get()
    here, line = f"/desk/sections/{move.pk}/", move.lines.get()
    assert case.code in desk.get(here).content.decode()
    chosen = {"version": "1", f"section_{line.pk}": str(ward.livelihood.pk)}
    assert desk.post(here, chosen).status_code == 303
    assert desk.post(f"{here}confirm/", {"version": "1"}).status_code == 412
    assert desk.post(f"{here}confirm/", {"version": "2"}).status_code == 303
    case.refresh_from_db()
    assert case.lead_agency == ward.livelihood
    assert "gone to the section" in desk.get(here).content.decode()


def test_what_is_no_section_is_refused_in_words() -> None:
    ward = Ward()
    ward.case()
    desk = desk_of(ward)
    move = ward.prepared()
    wrong = {"version": "1", f"section_{move.lines.get().pk}": "…"}
    assert desk.post(f"/desk/sections/{move.pk}/", wrong).status_code == 400


@pytest.mark.parametrize("path", ["/desk/sections/", "/desk/sections/{move}/"])
def test_a_page_asks_little_and_no_more_for_more_rows(path: str) -> None:
    asked = []
    for number in (3, 8):
        ward = Ward()
        for _ in range(number):
            ward.case()
        asked.append(len(queries(desk_of(ward), path.format(move=ward.prepared().pk))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= MOST


@pytest.mark.operation("section_moves_withdraw_create")
def test_what_was_prepared_is_withdrawn() -> None:
    ward = Ward()
    ward.case()
    move = ward.prepared()
    sent = desk_of(ward).post(f"/desk/sections/{move.pk}/withdraw/", {"version": move.version})
    assert sent.status_code == 303
