"""Before somebody is registered: is this person known here, or elsewhere?"""

# ruff: noqa: ARG001 - fixtures that only have to be there

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases.actions.cases import restrict
from carenet.reminders.actions import deliver_next, fall_due
from carenet.reminders.models import InboxEntry, Reminder
from carenet.residents import policy
from carenet.residents.models import Inquiry, MatchHint, Resident, ResidentVersion
from tests.factories import a_case, a_member, a_resident, a_system, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

RESIDENTS, MATCHES = "/api/v1/residents/", "/api/v1/residents/matches/"
INQUIRIES = "/api/v1/inquiries/"
SAME = {"family_name": "高橋", "given_name": "一郎", "birth_date": "1941-12-08"}


@pytest.fixture
def person(registrar: Actor) -> Resident:
    return a_resident(
        registrar, birth_date=date(1941, 12, 8), phone="045-540-1111", given_kana="イチロウ"
    )


def look_up(actor: Actor, **given: Any) -> dict[str, Any]:
    answer = api(actor).post(MATCHES, SAME | given)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def a_hint(actor: Actor) -> str:
    (hint,) = look_up(actor)["hints"]
    return str(hint["id"])


def ask(actor: Actor, hint: str) -> Answer:
    return api(actor).post(INQUIRIES, {"hint": hint, "words": "訪問で出会った方です"})


def an_inquiry(actor: Actor) -> Inquiry:
    return Inquiry.objects.get(pk=ask(actor, a_hint(actor)).json()["id"])


def test_who_is_there_already_is_shown_with_the_reasons(registrar: Actor, person: Resident) -> None:
    (match,) = look_up(registrar)["matches"]
    assert match["resident"]["id"] == str(person.pk)
    assert (match["score"], match["likely"]) == (80, True)
    assert [reason["code"] for reason in match["reasons"]] == ["same_name", "same_birth_date"]
    assert match["reasons"][1]["text"] == "the same date of birth"


def test_the_likeliest_comes_first(registrar: Actor, person: Resident) -> None:
    other = a_resident(registrar, given_name="一朗", given_kana="イチロウ", birth_year=1941)
    found = look_up(registrar, family_kana="タカハシ", given_kana="イチロー")["matches"]
    assert [match["resident"]["id"] for match in found] == [str(person.pk), str(other.pk)]


def test_nobody_is_listed_who_has_only_the_birthday_in_common(registrar: Actor) -> None:
    a_resident(registrar, family_name="佐藤", family_kana="サトウ", birth_date=date(1941, 12, 8))
    assert look_up(registrar)["matches"] == []


def test_registering_a_likely_match_is_refused(registrar: Actor, person: Resident) -> None:
    assert code_of(api(registrar).post(RESIDENTS, SAME), 409) == "likely_match"
    assert Resident.objects.count() == 1


def test_unless_somebody_says_why_it_is_another_person(registrar: Actor, person: Resident) -> None:
    said = {"confirmed_new": True, "confirmed_because": "双子の弟"}
    made = api(registrar).post(RESIDENTS, SAME | said)
    assert made.status_code == 201
    assert ResidentVersion.objects.get(resident=made.json()["id"]).reason == "双子の弟"


def test_the_word_alone_is_not_enough(registrar: Actor, person: Resident) -> None:
    answer = api(registrar).post(RESIDENTS, SAME | {"confirmed_new": True})
    assert pointers_of(answer) == ["/confirmed_because"]


def test_somebody_out_of_sight_does_not_stop_it(helper: Actor, person: Resident) -> None:
    assert api(helper).post(RESIDENTS, SAME).status_code == 201


def test_who_is_known_elsewhere_is_a_hint_and_no_more(helper: Actor, person: Resident) -> None:
    found = look_up(helper)
    assert found["matches"] == []
    (hint,) = found["hints"]
    assert set(hint) == {"id", "until"}
    assert str(person.pk) not in str(found)


def test_a_hint_takes_more_than_a_name(helper: Actor, person: Resident) -> None:
    assert look_up(helper, birth_date=None)["hints"] == []


def test_nobody_is_hinted_at_whose_address_is_protected(helper: Actor, person: Resident) -> None:
    Resident.objects.filter(pk=person.pk).update(address_protected=True)
    assert look_up(helper)["hints"] == []


def test_nor_who_has_a_restricted_case(registrar: Actor, helper: Actor, person: Resident) -> None:
    restrict(actor=registrar, case_id=a_case(registrar, person).pk)
    assert look_up(helper)["hints"] == []


def test_a_colleagues_people_are_matches_and_never_hints(
    registrar: Actor, person: Resident
) -> None:
    assert look_up(a_member(registrar.agency))["hints"] == []


def test_a_partners_system_gets_no_hints(helper: Actor, person: Resident) -> None:
    found = a_system(helper.agency).post(MATCHES, SAME).json()
    assert found["hints"] == []


def test_the_trail_tells_that_a_hint_was_given_and_not_about_whom(
    helper: Actor, person: Resident
) -> None:
    hint = a_hint(helper)
    entry = AuditEntry.objects.get(action="resident.hint")
    assert [str(pk) for pk in entry.object_ids] == [hint]
    assert str(person.pk) not in str(vars(entry))


def test_a_hint_opens_an_inquiry_to_an_agency_that_stays_unnamed(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    shown = ask(helper, a_hint(helper)).json()
    assert (shown["state"], shown["asked_of"], shown["resident"]) == ("open", None, None)
    (received,) = api(registrar).get(f"{INQUIRIES}?box=received").json()["results"]
    assert (received["id"], received["resident"]) == (shown["id"], str(person.pk))
    assert received["words"] == "訪問で出会った方です"


def test_a_hint_is_used_once(helper: Actor, person: Resident) -> None:
    hint = a_hint(helper)
    assert ask(helper, hint).status_code == 201
    assert pointers_of(ask(helper, hint)) == ["/hint"]


def test_only_by_the_agency_to_which_it_was_given(helper: Actor, person: Resident) -> None:
    assert pointers_of(ask(a_member(an_agency()), a_hint(helper))) == ["/hint"]


def test_and_for_a_day(helper: Actor, person: Resident) -> None:
    hint = a_hint(helper)
    now = timezone.now()
    MatchHint.objects.update(given_at=now - timedelta(days=2), until=now - timedelta(days=1))
    assert pointers_of(ask(helper, hint)) == ["/hint"]


def test_not_about_somebody_who_was_protected_meanwhile(helper: Actor, person: Resident) -> None:
    hint = a_hint(helper)
    Resident.objects.filter(pk=person.pk).update(address_protected=True)
    assert pointers_of(ask(helper, hint)) == ["/hint"]


#: A basis that needs no consent and no case.
DANGER = {"basis": "LIFE_BODY_PROPERTY", "reason": "火の不始末が続く"}


def test_sharing_makes_the_person_visible_until_a_date(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    inquiry, address = an_inquiry(helper), f"{RESIDENTS}{person.pk}/"
    assert api(helper).get(address).status_code == 404
    answer = api(registrar).post(f"{INQUIRIES}{inquiry.pk}/share/", DANGER)
    assert answer.json()["state"] == "shared"
    assert api(helper).get(f"{INQUIRIES}{inquiry.pk}/").json()["resident"] == str(person.pk)
    assert api(helper).get(address).status_code == 200
    person.shares.update(until=timezone.now())
    assert api(helper).get(address).status_code == 404


def test_it_does_not_make_the_record_theirs_to_correct(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    api(registrar).post(f"{INQUIRIES}{an_inquiry(helper).pk}/share/", DANGER)
    answer = api(helper).patch(
        f"{RESIDENTS}{person.pk}/", {"phone": "1"}, headers={"If-Match": '"1"'}
    )
    assert code_of(answer, 403) == "not_record_keeper"


def test_declining_needs_a_word_and_shows_nothing(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    inquiry = an_inquiry(helper)
    decline = f"{INQUIRIES}{inquiry.pk}/decline/"
    assert pointers_of(api(registrar).post(decline, {})) == ["/answer"]
    assert api(registrar).post(decline, {"answer": "同意がない"}).json()["state"] == "declined"
    shown = api(helper).get(f"{INQUIRIES}{inquiry.pk}/").json()
    assert (shown["state"], shown["answer"]) == ("declined", "同意がない")
    assert (shown["asked_of"], shown["resident"]) == (None, None)
    assert api(helper).get(f"{RESIDENTS}{person.pk}/").status_code == 404


def test_an_inquiry_is_answered_once(registrar: Actor, helper: Actor, person: Resident) -> None:
    address = f"{INQUIRIES}{an_inquiry(helper).pk}/"
    api(registrar).post(f"{address}decline/", {"answer": "同意がない"})
    assert code_of(api(registrar).post(f"{address}share/", DANGER), 409) == "conflict"


def test_who_asks_does_not_answer(helper: Actor, person: Resident) -> None:
    share = f"{INQUIRIES}{an_inquiry(helper).pk}/share/"
    assert code_of(api(helper).post(share, DANGER), 403) == "not_asked"


def test_an_inquiry_that_nobody_answers_expires_by_the_clock(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    address = f"{INQUIRIES}{an_inquiry(helper).pk}/"
    Inquiry.objects.update(until=timezone.now())
    assert api(helper).get(address).json()["state"] == "expired"
    assert code_of(api(registrar).post(f"{address}share/", DANGER), 409) == "conflict"


def test_the_desk_that_is_asked_is_reminded_until_it_answers(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    inquiry = an_inquiry(helper)
    reminder = Reminder.objects.get(kind="resident.inquiry")
    assert (reminder.agency, reminder.subject_code) == (registrar.agency, inquiry.code)
    api(registrar).post(f"{INQUIRIES}{inquiry.pk}/decline/", {"answer": "同意がない"})
    reminder.refresh_from_db()
    assert reminder.settled_because == "declined"


def test_third_parties_see_no_inquiry(helper: Actor, person: Resident) -> None:
    inquiry = an_inquiry(helper)
    stranger = api(a_member(an_agency()))
    assert stranger.get(INQUIRIES).json()["results"] == []
    assert code_of(stranger.get(f"{INQUIRIES}{inquiry.pk}/"), 404) == "not_found"


def test_the_reminder_reaches_the_staff_and_then_the_managers(
    registrar: Actor, helper: Actor, person: Resident, settings: Settings
) -> None:
    settings.REMINDER_CONSOLE = ""
    manager = a_member(registrar.agency, Role.MANAGER)
    an_inquiry(helper)
    for days in (0, 7):
        now = timezone.now() + timedelta(days=days)
        while fall_due(now=now) | deliver_next(now=now):
            pass
    told = InboxEntry.objects.filter(user__isnull=False).order_by("id")
    assert [entry.user for entry in told] == [registrar.user, manager.user]
    (line,) = api(registrar).get("/api/v1/reminders/").json()["results"]
    assert "Q-" in line["text"]


def test_the_rule_of_the_list_and_of_the_object_are_one(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    inquiry = an_inquiry(helper)
    outsiders = [a_member(an_agency()), a_member(registrar.agency, Role.WATCHER)]
    for actor in (registrar, helper, *outsiders):
        seen = policy.inquiries_visible_to(actor).filter(pk=inquiry.pk).exists()
        assert seen == bool(policy.can_view_inquiry(actor, inquiry))
        assert seen == (actor in (registrar, helper))


def test_few_inquiries_and_many_cost_the_same(
    registrar: Actor, helper: Actor, person: Resident
) -> None:
    counts, client = [], api(registrar)
    soon = timezone.now() + timedelta(days=1)
    for number in (3, 8):
        hints = MatchHint.objects.bulk_create(
            MatchHint(resident=person, given_to=helper.agency, until=soon)
            for _each in range(number)
        )
        Inquiry.objects.bulk_create(
            Inquiry(
                hint=hint, resident=person, asked_by=helper.agency, asked_of=registrar.agency,
                words="…", until=soon,
            )
            for hint in hints
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{INQUIRIES}?limit=200")
        counts.append(len(queries))
    assert counts[0] == counts[1]
