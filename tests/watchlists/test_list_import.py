"""A list comes in: who is found on the register, who is new, and who waits for a person to decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.residents.actions import end_record
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to
from carenet.watchlists.actions.entries import match
from carenet.watchlists.actions.list_import import LineOutcome
from carenet.watchlists.models import ListEntry
from tests.factories import a_member, a_resident, api
from tests.staff.browser import session_of
from tests.watchlists.lists import a_line, come_to, listed, take_in
from tests.watchover.watches import Neighbourhood

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
IMPORT = "/api/v1/watch-lists/import/"


def results(fates: list[LineOutcome]) -> list[str]:
    return [fate.result.value for fate in fates]


def the_same_as_line(actor: Actor, **changes: Any) -> Resident:
    """Somebody on the register just as the first line says."""
    line = a_line()
    said = {
        "family_name": line.family_name, "given_name": line.given_name, "family_kana": "",
        "birth_date": date(1941, 12, 8), "address": line.address, "phone": line.phone,
    }  # fmt: skip
    return a_resident(actor, **(said | changes))


def test_whom_nobody_knows_gets_a_record_kept_by_the_agency_of_the_list(who: Neighbourhood) -> None:
    _list, fates = take_in(who.ward, a_line(), agency=who.desk.agency)
    assert results(fates) == ["registered"]
    entry = ListEntry.objects.get()
    assert entry.resident
    assert (entry.state, entry.resident.family_name) == ("listed", "阿久津")
    assert entry.resident.registered_by == who.desk.agency
    assert entry.resident.versions.get().by_agency == who.ward.agency
    assert visible_to(who.ward).filter(pk=entry.resident.pk).exists()


def test_who_is_surely_on_the_register_is_found_there(who: Neighbourhood) -> None:
    person = the_same_as_line(who.desk)
    _list, fates = take_in(who.desk, a_line(birth="昭和16年12月8日"))
    assert results(fates) == ["matched"]
    assert ListEntry.objects.get().resident == person


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": None, "family_kana": "アクツ"},
        {"phone": "", "address": "別の町3番"},
        {"given_name": "正二"},
    ],
    ids=["no birth", "elsewhere", "another name"],
)
def test_who_is_only_like_somebody_is_never_guessed(
    who: Neighbourhood, changes: dict[str, Any]
) -> None:
    the_same_as_line(who.desk, **changes)
    _list, fates = take_in(who.desk, a_line())
    assert results(fates) == ["unclear"]
    entry = ListEntry.objects.get()
    assert (entry.resident, entry.words["family_name"] if entry.words else "") == (None, "阿久津")


def test_two_records_that_both_fit_are_left_to_a_person(who: Neighbourhood) -> None:
    for _ in range(2):
        the_same_as_line(who.desk, new_because="別の世帯")
    _list, fates = take_in(who.desk, a_line())
    assert results(fates) == ["unclear"]


def test_who_is_known_to_the_agency_alone_is_hinted_at_and_never_shown_to_the_ward(
    who: Neighbourhood,
) -> None:
    person = the_same_as_line(who.desk)
    _list, fates = take_in(who.ward, a_line(), agency=who.desk.agency)
    assert results(fates) == ["unclear"]
    assert not visible_to(who.ward).filter(pk=person.pk).exists()


def test_a_protected_person_out_of_sight_is_not_even_hinted_at(who: Neighbourhood) -> None:
    the_same_as_line(who.desk, address_protected=True)
    _list, fates = take_in(who.ward, a_line(), agency=who.desk.agency)
    assert results(fates) == ["registered"]


def test_the_same_list_again_is_the_same_list(who: Neighbourhood) -> None:
    first, fates = take_in(who.desk, a_line(0), a_line(1))
    again, fates_again = take_in(who.desk, a_line(1), a_line(0), a_line(2))
    assert first == again
    assert results(fates_again) == ["known", "known", "registered"]
    assert [fate.entry_id for fate in fates] == [fate.entry_id for fate in fates_again[1::-1]]
    assert Resident.objects.count() == 3


def test_another_line_under_a_known_key_changes_nothing(who: Neighbourhood) -> None:
    take_in(who.desk, a_line(0))
    _list, fates = take_in(who.desk, a_line(1, key="1"))
    assert results(fates) == ["differs"]
    assert Resident.objects.get().family_name == "阿久津"


def test_a_key_that_stands_twice_in_one_list_is_taken_in_once(who: Neighbourhood) -> None:
    _list, fates = take_in(who.desk, a_line(0), a_line(0), a_line(1, key="1"))
    assert results(fates) == ["registered", "known", "differs"]


def test_one_person_under_two_lines_is_listed_once(who: Neighbourhood) -> None:
    _list, fates = take_in(who.desk, a_line(0), a_line(0, key="99"))
    assert results(fates) == ["registered", "twice"]
    _list, fates = take_in(who.desk, a_line(0, key="100"))
    assert results(fates) == ["twice"]


@pytest.mark.parametrize("birth", ["昨日", "2100-01-01", "昭和99年1月1日", "1941-13-01", "1700"])
def test_a_line_that_cannot_be_read_stops_no_other(who: Neighbourhood, birth: str) -> None:
    _list, fates = take_in(who.desk, a_line(0, birth=birth), a_line(1))
    assert results(fates) == ["unusable", "registered"]
    assert fates[0].errors["birth"]


def test_a_record_that_has_ended_is_screened_out_at_once(who: Neighbourhood) -> None:
    person = the_same_as_line(who.desk)
    end_record(actor=who.desk, resident_id=person.pk, reason="died", on=date(2026, 11, 1))
    take_in(who.desk, a_line())
    entry = ListEntry.objects.get()
    assert (entry.state, entry.screened_because) == ("screened", "died")


def test_who_refused_is_not_asked_again_before_the_next_list(who: Neighbourhood) -> None:
    [entry] = listed(who.desk)
    come_to(who.desk, entry, "refused")
    take_in(who.desk, a_line(), name="追加分")
    take_in(who.desk, a_line(), delivered_on=date(2026, 11, 1))
    same_day, later = ListEntry.objects.exclude(pk=entry.pk).order_by("id")
    assert (same_day.state, same_day.screened_because) == ("screened", "refused_before")
    assert later.state == "listed"


def test_a_person_says_whom_an_unclear_line_means(who: Neighbourhood) -> None:
    person = the_same_as_line(who.desk, phone="", address="別の町3番")
    take_in(who.desk, a_line())
    entry = match(actor=who.desk, entry_id=ListEntry.objects.get().pk, resident=person)
    assert (entry.resident, entry.words, entry.state) == (person, None, "listed")
    with pytest.raises(Conflict):
        match(actor=who.desk, entry_id=entry.pk, resident=person)


def test_or_that_it_is_another_person_and_why(who: Neighbourhood) -> None:
    the_same_as_line(who.desk, phone="", address="別の町3番")
    take_in(who.desk, a_line())
    entry = ListEntry.objects.get()
    with pytest.raises(Invalid):
        match(actor=who.desk, entry_id=entry.pk)
    entry = match(actor=who.ward, entry_id=entry.pk, new_because="同姓同名")
    assert entry.resident
    assert entry.resident.birth_date == date(1941, 12, 8)
    assert entry.resident.versions.get().reason == "同姓同名"


def test_a_page_says_whom_an_unclear_line_means(who: Neighbourhood) -> None:
    person = the_same_as_line(who.desk, phone="", address="別の町3番")
    take_in(who.desk, a_line())
    entry = ListEntry.objects.get()
    here = f"/desk/unclear/{entry.pk}/"
    for actor in (who.desk, who.ward):
        desk = Client()
        desk.cookies["sessionid"] = session_of(actor)
        assert here in desk.get("/desk/unclear/").content.decode()
        page = desk.get(here).content.decode()
        assert (str(person.pk) in page) == visible_to(actor).filter(pk=person.pk).exists()
        assert desk.post(here, {"version": entry.version}).status_code == 400
    desk.cookies["sessionid"] = session_of(who.desk)
    said = desk.post(here, {"version": entry.version, "subject": str(person.pk)})
    assert said.status_code == 303
    assert ListEntry.objects.get().resident == person


def test_nobody_is_put_on_a_list_twice_by_hand(who: Neighbourhood) -> None:
    [entry] = listed(who.desk)
    assert entry.resident
    take_in(who.desk, a_line(0, key="7", phone="", address=""))
    unclear = ListEntry.objects.get(key="7")
    with pytest.raises(Conflict) as refused:
        match(actor=who.desk, entry_id=unclear.pk, resident=entry.resident)
    assert refused.value.reason_code == "listed_twice"


def test_a_list_keeps_the_basis_on_which_it_came_in(who: Neighbourhood) -> None:
    take_in(who.desk, a_line(0))
    with pytest.raises(Invalid):
        take_in(who.desk, a_line(1), sharing_basis="CONSENT")


def test_a_list_is_not_delivered_tomorrow(who: Neighbourhood) -> None:
    with pytest.raises(Invalid):
        take_in(who.desk, a_line(0), delivered_on=date(2026, 11, 25))


def test_nobody_takes_in_a_list_for_another_agency(who: Neighbourhood) -> None:
    with pytest.raises(Forbidden):
        take_in(a_member(who.watcher.agency), a_line(), agency=who.desk.agency)


def test_a_list_costs_as_many_queries_as_a_line(who: Neighbourhood) -> None:
    listed(who.desk, 1, delivered_on=date(2026, 9, 30))  # from here on it is known who acts
    costs = []
    for day, number in ((1, 2), (2, 6)):
        with CaptureQueriesContext(connection) as queries:
            listed(who.desk, number, delivered_on=date(2026, 10, day))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_answer_tells_each_line_what_became_of_it_and_what_to_do(who: Neighbourhood) -> None:
    answer = api(who.desk).post(
        IMPORT,
        {
            "name": "名簿", "delivered_on": "2026-10-01", "sharing_basis": "CLEAR_BENEFIT",
            "lines": [
                {"key": "1", "family_name": "阿久津", "birth": "S16.12.8"},
                {"key": "2", "family_name": "", "colour": "青"},
                {"family_name": "馬場"},
                {},
            ],
        },
        format="json",
    )  # fmt: skip
    assert answer.status_code == 200, answer.data
    rows = answer.data["lines"]
    assert [row["result"] for row in rows] == ["registered", *["unusable"] * 3]
    assert [row["line"] for row in rows] == [1, 2, 3, 4]
    assert set(rows[1]["errors"]) == {"colour"}
    assert set(rows[2]["errors"]) == {"key"}
    assert "errors" in rows[1]["words"]


def test_a_list_that_is_too_long_is_refused_as_a_whole(who: Neighbourhood) -> None:
    said = {"name": "名簿", "delivered_on": "2026-10-01", "sharing_basis": "CLEAR_BENEFIT"}
    lines = [{"key": str(number), "family_name": "佐藤"} for number in range(2001)]
    answer = api(who.desk).post(IMPORT, said | {"lines": lines}, format="json")
    assert answer.status_code == 400
    assert "2000" in str(answer.data)
    assert not ListEntry.objects.exists()


def test_the_trail_names_the_entries_and_no_person(who: Neighbourhood) -> None:
    [entry] = listed(who.desk)
    rows = AuditEntry.objects.filter(action="list.import", object_kind="listentry")
    assert rows.get().object_ids == [entry.pk]
    assert entry.events.get().verb == "import"


def test_a_watcher_takes_in_no_list(who: Neighbourhood) -> None:
    with pytest.raises(Forbidden):
        take_in(a_member(who.desk.agency, Role.WATCHER), a_line())


@pytest.mark.parametrize("birth", ["不明", "-", ""])
def test_somebody_whose_birth_is_not_known_is_taken_without_it(
    who: Neighbourhood, birth: str
) -> None:
    _list, fates = take_in(who.desk, a_line(birth=birth))
    assert results(fates) == ["registered"]
    assert Resident.objects.get().birth_year is None


def test_of_a_birth_whose_day_is_not_known_the_year_is_kept_and_the_month_told(
    who: Neighbourhood,
) -> None:
    _list, [fate] = take_in(who.desk, a_line(birth="昭和16年12月"))
    assert Resident.objects.get().birth_year == 1941
    assert "12" in fate.notes["birth"][0]


@pytest.mark.parametrize("name", ["1名", "１，２９９人", "12", "3件"])
def test_a_total_is_no_person(who: Neighbourhood, name: str) -> None:
    _list, fates = take_in(who.desk, a_line(family_name=name, given_name=""))
    assert results(fates) == ["unusable"]
    assert not Resident.objects.exists()


def test_a_name_without_any_other_field_is_not_taken(who: Neighbourhood) -> None:
    line = a_line(family_kana="", given_kana="", birth="", address="", phone="")
    _list, fates = take_in(who.desk, line)
    assert results(fates) == ["unusable"]


def test_a_name_that_nobody_sees_is_no_line_of_a_list(who: Neighbourhood) -> None:
    _list, fates = take_in(who.desk, a_line(family_name="\u200b"), a_line(1, given_name="静\n江"))
    assert results(fates) == ["unusable", "registered"]
    assert list(fates[0].errors) == ["family_name"]
    assert Resident.objects.get(family_name="馬場").given_name == "静 江"


def test_a_coordinator_of_the_agency_does_not_register_its_people_again(who: Neighbourhood) -> None:
    the_same_as_line(who.desk, address_protected=True)
    coordinator = a_member(who.desk.agency, Role.COORDINATOR)
    _list, fates = take_in(coordinator, a_line())
    assert results(fates) == ["unclear"]
    assert ListEntry.objects.get().resident is None
    assert Resident.objects.count() == 1


def test_a_list_without_the_city_finds_whom_it_names(who: Neighbourhood) -> None:
    the_same_as_line(who.desk, address="大阪市北区霧立町1番", phone="")
    _list, fates = take_in(who.desk, a_line(address="霧立町1", phone=""))
    assert results(fates) == ["matched"]
