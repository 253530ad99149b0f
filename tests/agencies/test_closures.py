"""An agency closes: two people, a successor for everything, batches that may break off."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from carenet.access.models import Grant
from carenet.agencies.actions import (
    confirm_closure,
    withdraw_closure,
)
from carenet.agencies.actions.closure_batches import close_some
from carenet.agencies.models import AgencyClosure, ApiClient, Membership
from carenet.agencies.registry import closure_kinds
from carenet.agencies.roles import Role
from carenet.agencies.selectors.closures import stalled
from carenet.agencies.states import ClosureState
from carenet.cases.actions.cases import edit, restrict
from carenet.cases.actions.notes import write_note
from carenet.cases.actions.shares import share_case
from carenet.cases.models import Case
from carenet.cases.policy import live_members, notes_visible_to
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.referrals.models import Referral
from carenet.reminders.actions import work_once
from carenet.reminders.models import InboxEntry, Reminder
from carenet.residents.policy import facts_visible_to
from tests.agencies.plaza import Plaza, left_on
from tests.factories import (
    a_case,
    a_member,
    a_resident,
    a_sent_referral,
    a_system,
    an_agency,
    api,
)
from tests.residents.samples import a_fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def plaza() -> Plaza:
    return Plaza()


def run(times: int = 200) -> None:
    for _ in range(times):
        if not close_some(now=clock.now()):
            return
    raise AssertionError("it does not end")


# Who


def test_it_takes_a_manager_of_the_agency_and_somebody_of_its_ward_office(plaza: Plaza) -> None:
    closure = plaza.propose(plaza.manager)
    other = a_member(plaza.agency, Role.MANAGER)
    for actor, code in ((plaza.manager, "second_person_needed"), (other, "other_side_needed")):
        with pytest.raises(Forbidden) as refused:
            confirm_closure(actor=actor, closure_id=closure.pk)
        assert refused.value.reason_code == code
    with pytest.raises(Forbidden):
        confirm_closure(actor=plaza.heir, closure_id=closure.pk)
    plaza.agency.refresh_from_db()
    assert plaza.agency.active
    assert confirm_closure(actor=plaza.office, closure_id=closure.pk).state == "confirmed"


def test_without_a_manager_two_people_of_the_ward_office_do(plaza: Plaza) -> None:
    Membership.objects.filter(user=plaza.manager.user_id).update(until=clock.now())
    closure = plaza.propose(plaza.office)
    colleague = a_member(plaza.office.agency, Role.COORDINATOR)
    assert confirm_closure(actor=colleague, closure_id=closure.pk).state == "confirmed"


def test_the_operator_can_only_be_the_first_of_the_two(plaza: Plaza) -> None:
    call_command(
        "propose_closure", str(plaza.agency.pk), "--reason", "法人の解散",
        "--successor", str(plaza.successor.pk), stdout=StringIO(),
    )  # fmt: skip
    closure = AgencyClosure.objects.get()
    assert confirm_closure(actor=plaza.manager, closure_id=closure.pk).state == "confirmed"


def test_what_is_withdrawn_changes_nothing_and_may_be_proposed_anew(plaza: Plaza) -> None:
    closure = plaza.propose(plaza.manager)
    with pytest.raises(Conflict):
        plaza.propose(plaza.office)
    withdraw_closure(actor=plaza.office, closure_id=closure.pk, reason="存続が決まった")
    assert not close_some(now=clock.now())
    plaza.propose(plaza.office)


# Successors


def test_every_kind_has_a_successor_who_works_with_this_service(plaza: Plaza) -> None:
    a_case(plaza.staff)
    with pytest.raises(Invalid) as refused:
        plaza.propose(plaza.manager, successor=None)
    assert set(refused.value.fields) == {"successors/cases", "successors/residents"}
    for wrong in ({"successor": an_agency()}, {"successor": plaza.agency}):
        with pytest.raises(Invalid) as refused:
            plaza.propose(plaza.manager, **wrong)
        assert set(refused.value.fields) == {"successor"}
    with pytest.raises(Invalid) as refused:
        plaza.propose(plaza.manager, successors={"members": plaza.successor})
    assert set(refused.value.fields) == {"successors/members"}


def test_each_kind_goes_to_the_successor_that_was_named_for_it(plaza: Plaza) -> None:
    case = a_case(plaza.staff)
    other = a_member(an_agency())
    closure = plaza.propose(plaza.manager, successors={"cases": other.agency})
    confirm_closure(actor=plaza.office, closure_id=closure.pk)
    run()
    case.refresh_from_db()
    case.resident.refresh_from_db()
    assert (case.lead_agency, case.resident.registered_by) == (other.agency, plaza.successor)


# What follows


def test_from_the_confirmation_on_nobody_acts_for_it_or_refers_to_it(plaza: Plaza) -> None:
    session, system = api(plaza.staff), a_system(plaza.agency)
    assert session.get("/api/v1/me/").status_code == system.get("/api/v1/agencies/").status_code
    plaza.confirmed()
    assert session.get("/api/v1/cases/").status_code == 403
    assert system.get("/api/v1/agencies/").status_code == 401
    with pytest.raises((Invalid, Conflict)):
        a_sent_referral(plaza.heir, plaza.agency)
    found = api(plaza.heir).get("/api/v1/agencies/", {"q": "樽町"}).json()
    assert not found["results"]
    run()
    assert not ApiClient.objects.filter(agency=plaza.agency).exists()
    assert not Membership.objects.current().filter(agency=plaza.agency).exists()


def test_the_preview_counts_what_nobody_will_read_any_more(plaza: Plaza) -> None:
    case = a_case(plaza.staff)
    write_note(
        actor=plaza.staff, case_id=case.pk, kind="fact", audience="agency", text="内緒の話",
        happened_at=clock.now(),
    )  # fmt: skip
    a_fact(plaza.staff, case.resident, audience="agency")
    path = f"/api/v1/agencies/{plaza.agency.pk}/closure/"
    kinds = api(plaza.manager).get(path).json()["kinds"]
    unread = {each["kind"]: each["count"] for each in kinds if each["fate"] == "unread"}
    assert unread == {"own_entries": 1, "own_facts": 1}
    plaza.confirmed()
    run()
    assert not notes_visible_to(plaza.heir, case).exists()
    assert not facts_visible_to(plaza.heir, case.resident).exists()


def test_everything_passes_and_nothing_is_left(plaza: Plaza) -> None:
    person = a_resident(plaza.staff, address="横浜市港北区樽町1-1", address_protected=True)
    case = a_case(plaza.staff, person)
    edit(actor=plaza.staff, case_id=case.pk, next_action="訪問", next_action_on=clock.today())
    sent = a_sent_referral(plaza.staff, an_agency(), case)
    to_heir = a_sent_referral(plaza.staff, plaza.successor, case, need="housing")
    outside = a_member(an_agency())
    theirs = a_case(outside)
    received = a_sent_referral(outside, plaza.agency, theirs)
    accept(actor=plaza.staff, referral_id=received.pk)
    closure = plaza.confirmed()
    run()
    assert left_on(plaza.agency) == {}
    closure.refresh_from_db()
    assert closure.state == ClosureState.DONE
    for row in (person, case, sent, received, to_heir):
        row.refresh_from_db()
    assert person.registered_by == case.lead_agency == sent.sender == plaza.successor
    assert case.person_in_charge is None
    assert received.receiver == plaza.successor
    assert to_heir.status == "closed"
    grants = Grant.objects.live().filter(subject_id=theirs.pk)
    assert {grant.group.agency for grant in grants} == {plaza.successor}
    heirs = api(plaza.heir)
    assert heirs.get(f"/api/v1/residents/{person.pk}/").json()["address"]
    assert heirs.get(f"/api/v1/cases/{case.pk}/").status_code == 200
    entries = set(closure.entries.values_list("kind", "object_id"))
    assert {("cases", case.pk), ("residents", person.pk)} <= entries


def test_a_restricted_case_is_left_to_somebody(plaza: Plaza) -> None:
    case = a_case(plaza.staff)
    restrict(actor=plaza.staff, case_id=case.pk)
    plaza.confirmed()
    run()
    case = Case.objects.get(pk=case.pk)
    assert live_members(case).filter(user=plaza.heir.user_id).exists()


def test_what_rested_on_a_basis_that_named_the_agency_ends(plaza: Plaza) -> None:
    lead = a_member(an_agency(), Role.STAFF, Role.MANAGER)
    case = a_case(lead)
    share_case(
        actor=lead, case_id=case.pk, agency=plaza.agency, codename="view_case",
        basis="WITHIN_PURPOSE", reason="支援会議",
    )  # fmt: skip
    plaza.confirmed()
    run()
    assert not Grant.objects.live().filter(subject_id=case.pk).exists()


def test_the_successor_and_the_ward_office_are_told(plaza: Plaza) -> None:
    a_case(plaza.staff)
    closure = plaza.propose(plaza.manager)
    while work_once(now=clock.now()):
        pass
    told = InboxEntry.objects.filter(reminder__subject_id=closure.pk)
    assert {entry.user for entry in told} == {plaza.office.user}
    confirm_closure(actor=plaza.office, closure_id=closure.pk)
    run()
    while work_once(now=clock.now()):
        pass
    done = told.filter(reminder__kind="agency.closed")
    assert {entry.user for entry in done} == {plaza.office.user, plaza.heir.user}
    chased = Reminder.objects.filter(kind="case.without_person", settled_at=None)
    assert {each.agency for each in chased} == {plaza.successor}


def test_the_sender_has_time_to_tell_a_successor_that_reads_nothing_here(plaza: Plaza) -> None:
    sender = a_member(an_agency())
    received = a_sent_referral(sender, plaza.agency)
    late = clock.now() - timedelta(days=9)
    Referral.objects.filter(pk=received.pk).update(due_at=late)
    plaza.confirmed()
    Membership.objects.filter(agency=plaza.successor).update(roles=[Role.MANAGER])
    run()
    received.refresh_from_db()
    assert (received.turn, received.due_for) == ("S", "delivery")
    assert received.due_at is not None
    assert received.due_at > clock.now()


def test_its_name_stays_in_every_history(plaza: Plaza) -> None:
    referral = a_sent_referral(plaza.staff, plaza.successor)
    plaza.confirmed()
    run()
    events = Referral.objects.get(pk=referral.pk).events.order_by("id")
    assert events[0].by_agency.name == "樽町地域ケアプラザ"


# Batches


def test_a_batch_that_breaks_off_is_undone_and_comes_again(
    plaza: Plaza, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carenet.agencies.actions.closure_batches.AT_ONCE", 2)
    for _number in range(3):
        a_case(plaza.staff)
    closure = plaza.confirmed()
    kind = next(kind for kind in closure_kinds() if kind.name == "cases")

    def cases_passed() -> int:
        return Case.objects.filter(lead_agency=plaza.successor).count()

    while not cases_passed():
        assert close_some(now=clock.now())
    assert (cases_passed(), kind.found(plaza.agency).count()) == (2, 1)
    # The worker dies with the case handed on, and the rest of the batch not written down.
    with monkeypatch.context() as broken:
        broken.setattr(
            "carenet.agencies.actions.closure_batches.ClosureEntry.objects.bulk_create", _die
        )
        assert not close_some(now=clock.now())
    assert (cases_passed(), closure.entries.filter(kind="cases").count()) == (2, 2)
    closure.refresh_from_db()
    assert closure.failures == 1
    assert not close_some(now=clock.now())  # not yet
    assert closure.next_try_at
    assert stalled(closure.next_try_at) == 0
    AgencyClosure.objects.update(failures=3)
    assert stalled(closure.next_try_at) == 1
    while close_some(now=closure.next_try_at):
        pass
    assert closure.entries.filter(kind="cases").count() == 3
    assert left_on(plaza.agency) == {}
    assert stalled(closure.next_try_at) == 0


def test_a_closure_that_is_not_done_after_a_day_stands_still(plaza: Plaza) -> None:
    plaza.confirmed()
    assert stalled(clock.now()) == 0
    assert stalled(clock.now() + timedelta(days=1)) == 1


def _die(*_rows: object) -> None:
    raise SystemError


# Pages


@pytest.mark.operation("agency_closures_create", "agency_closures_confirm_create")
def test_the_pages_lead_from_the_proposal_to_the_end(plaza: Plaza) -> None:
    a_case(plaza.staff)
    manager, office = api(plaza.manager), api(plaza.office)
    path = f"/desk/closures/agencies/{plaza.agency.pk}/propose/"
    assert "successor_cases" in manager.get(path).content.decode()
    typed = {"reason": "3月末で閉所", "successor": "", "successor_cases": str(plaza.successor.pk)}
    refused = manager.post(path, typed, format="multipart")
    assert (refused.status_code, "3月末で閉所" in refused.content.decode()) == (400, True)
    typed["successor"] = str(plaza.successor.pk)
    sent_on = manager.post(path, typed, format="multipart")
    page = sent_on.headers["Location"]
    assert "Confirm the closure" not in manager.get(page).content.decode()
    assert "Confirm the closure" in office.get(page).content.decode()
    assert office.post(f"{page}confirm/", {"version": "1"}, format="multipart").status_code == 303
    run()
    assert "日吉地域ケアプラザ" in office.get(page).content.decode()


def test_whoever_confirms_for_the_agency_that_closes_is_told_what_they_have_done(
    plaza: Plaza,
) -> None:
    manager, office = api(plaza.manager), api(plaza.office)
    path = f"/desk/closures/agencies/{plaza.agency.pk}/propose/"
    typed = {"reason": "3月末で閉所", "successor": str(plaza.successor.pk)}
    page = office.post(path, typed, format="multipart").headers["Location"]
    after = manager.post(f"{page}confirm/", {"version": "1"}, format="multipart").headers[
        "Location"
    ]
    words = "The closure is confirmed and is being carried out."
    assert words in manager.get(after).content.decode()
    assert words not in manager.get("/account/").content.decode()


@pytest.mark.operation("agency_closures_withdraw_create")
def test_a_proposal_is_withdrawn_on_its_page(plaza: Plaza) -> None:
    office = api(plaza.office)
    path = f"/desk/closures/agencies/{plaza.agency.pk}/propose/"
    typed = {"reason": "3月末で閉所", "successor": str(plaza.successor.pk)}
    page = office.post(path, typed, format="multipart").headers["Location"]
    given = {"version": "1", "reason": "続けることになった"}
    assert office.post(f"{page}withdraw/", given, format="multipart").status_code == 303
