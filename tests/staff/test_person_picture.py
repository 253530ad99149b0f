"""The picture of a person's family and of who helps: what is not shown leaves no gap in it."""

from __future__ import annotations

from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.audit.models import AuditAction, AuditEntry
from carenet.residents.actions import found_household, join_household
from carenet.residents.models import Resident
from carenet.staff.pages.person.svg_family import Group, Helper, Member, draw
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency
from tests.residents.samples import a_contact, a_fact
from tests.staff.consultations import a_call
from tests.staff.query_count import queries
from tests.staff.test_person import desk, of
from tests.watchover.watches import a_neighbourhood, a_watch

pytestmark = pytest.mark.django_db


def member(name: str, role: str, **more: Any) -> Member:
    return Member(name, role, role, "80", **more)


@pytest.fixture
def actor(db: None) -> Actor:  # noqa: ARG001
    return a_member(an_agency())


@pytest.fixture
def person(actor: Actor) -> Resident:
    return a_resident(actor)


def picture(actor: Actor, person: Resident) -> Any:
    page = desk(actor).get(of(person, "picture"))
    assert page.status_code == 200
    return page


def kinds_read(actor: Actor) -> set[tuple[str, Any]]:
    """Return what the trail says that somebody was shown."""
    reads = AuditEntry.objects.filter(deed=AuditAction.READ, actor_id=actor.user_id)
    return {(each.object_kind, pk) for each in reads for pk in each.object_ids}


def names(page: Any) -> list[str]:
    drawing = page.context["drawing"]
    return [each.of.name for each in (*drawing.symbols, *drawing.boxes)]


def test_a_couple_stands_side_by_side_above_its_children() -> None:
    child, spouse, head = (member(each, each) for each in ("child", "spouse", "head"))
    symbols = {each.of.role: each for each in draw([child, spouse, head], []).symbols}
    assert symbols["head"].top == symbols["spouse"].top < symbols["child"].top
    assert symbols["head"].x < symbols["spouse"].x


def test_a_household_without_a_head_has_no_lines_of_descent() -> None:
    assert draw([member("a", "child"), member("b", "parent")], []).lines == []


def test_many_fit_on_a_phone_and_lie_apart() -> None:
    members = [member(str(number), "relative") for number in range(9)]
    helpers = [Helper(str(number), "", "agency") for number in range(5)]
    drawing = draw(members, [Group("機関", helpers)])
    places = {(each.x, each.top) for each in drawing.symbols}
    assert len(places) == 9
    assert all(each.left > 0 and each.left + 42 < drawing.width for each in drawing.symbols)
    assert drawing.boxes[0].y > drawing.home_bottom
    assert drawing.height > drawing.boxes[-1].y + 46


def test_who_lives_there_who_is_called_who_looks_in_and_which_agencies(
    actor: Actor, person: Resident
) -> None:
    spouse = a_resident(actor, given_name="梅")
    home = found_household(actor=actor, resident=person, role="head").household
    join_household(actor=actor, household=home, resident=spouse, role="spouse")
    a_contact(actor, person, name="髙橋 次郎", holds_key=True)
    receiver = an_agency()
    a_sent_referral(actor, receiver, a_case(actor, person))
    page = picture(actor, person)
    assert names(page) == [person.name, spouse.name, "髙橋 次郎", actor.agency.name, receiver.name]
    lines = {kind for *_ends, kind in page.context["drawing"].lines}
    assert {"key", "agency", "kin"} <= lines
    for name in names(page):
        assert page.content.decode().count(name) >= 2  # in the picture and in the list


def test_the_shape_follows_what_is_recorded_of_the_person(actor: Actor, person: Resident) -> None:
    a_fact(actor, person, kind="sex", value="female")
    (symbol,) = picture(actor, person).context["drawing"].symbols
    assert symbol.of.shape == "woman"


def places(page: Any) -> Any:
    """Return where everything stands in a drawing, and how large it is."""
    drawing = page.context["drawing"]
    symbols = [(each.x, each.top, each.of.role) for each in drawing.symbols]
    boxes = [each.y for each in drawing.boxes]
    return drawing.width, drawing.height, symbols, boxes, list(drawing.lines)


def test_what_is_hidden_leaves_no_gap(actor: Actor) -> None:
    registrar = a_member(an_agency())
    person, bare = (
        a_resident(registrar, address="綱島東1-2-3", address_protected=True) for _each in range(2)
    )
    for each in (person, bare):
        a_sent_referral(registrar, actor.agency, a_case(registrar, each))
    other = a_resident(registrar, family_name="山本")
    home = found_household(actor=registrar, resident=person, role="head").household
    join_household(actor=registrar, household=home, resident=other, role="spouse")
    secret = a_case(registrar, person, confidentiality="restricted")
    page = picture(actor, person)
    assert places(page) == places(picture(actor, bare))
    assert other.name not in page.content.decode()
    assert secret.code not in page.content.decode()


def test_the_trail_says_what_is_drawn_and_no_more(actor: Actor, person: Resident) -> None:
    contact, case = a_contact(actor, person), a_case(actor, person)
    a_fact(actor, person)
    call = a_call(actor, subject=person)
    picture(actor, person)
    read = kinds_read(actor)
    assert {("contact", contact.pk), ("case", case.pk)} <= read
    assert ("consultation", call.pk) not in read
    assert "residentfact" not in {kind for kind, _pk in read}


def test_who_looks_in_is_drawn() -> None:
    here = a_neighbourhood()
    page = picture(here.desk, a_watch(here).resident)
    assert "looks-in" in {kind for *_ends, kind in page.context["drawing"].lines}


def test_many_cost_no_more_than_few(actor: Actor, person: Resident) -> None:
    home = found_household(actor=actor, resident=person, role="head").household
    asked = []
    for number in (1, 3):
        for _each in range(number):
            a_contact(actor, person)
            a_sent_referral(actor, an_agency(), a_case(actor, person))
            join_household(actor=actor, household=home, resident=a_resident(actor), role="relative")
        asked.append(len(queries(desk(actor), of(person, "picture"))))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 12
