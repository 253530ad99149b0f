"""What the ward office has goes to its sections: by a preview that a person confirms, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carenet.abuse.models import AbuseReport
from carenet.abuse.policy import reports_visible_to
from carenet.agencies.actions.section_moves import (
    choose_sections,
    confirm_section_move,
    withdraw_section_move,
)
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.agencies.selectors.section_moves import what_stays_behind
from carenet.audit.models import AuditEntry
from carenet.cases import policy as cases
from carenet.cases.actions.cases import edit, restrict
from carenet.cases.actions.notes import write_note
from carenet.cases.actions.shares import name_member
from carenet.cases.models import Case, ProgressNote
from carenet.cases.tasks import take_back_tasks
from carenet.core import clock
from carenet.core.errors import Conflict, Forbidden, Invalid, PreconditionFailed
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.referrals.models import Referral
from carenet.reminders.models import Reminder
from carenet.residents.models import Resident
from carenet.residents.policy import facts_visible_to
from carenet.watchover.actions.assignments import propose
from tests.abuse.requests import a_report
from tests.agencies.sections import Ward
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api
from tests.residents.samples import a_fact
from tests.tasks.calls import a_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db: None) -> Ward:  # noqa: ARG001
    return Ward()


def a_note(actor: Actor, case: Case, audience: str) -> ProgressNote:
    return write_note(
        actor=actor, case_id=case.pk, kind="fact", audience=audience, text="内緒の話",
        happened_at=clock.now(),
    )  # fmt: skip


def sees(actor: Actor, case: Case) -> bool:
    return cases.visible_to(actor).filter(pk=case.pk).exists()


# The preview


def test_a_preview_changes_nothing_and_says_why(ward: Ward) -> None:
    case = ward.case("income")
    line = ward.prepared().lines.get()
    assert (line.code, line.because, line.section) == (case.code, "topic", ward.livelihood)
    case.refresh_from_db()
    assert case.lead_agency == ward.office
    assert not sees(ward.other, case)


def test_what_nothing_suggests_waits_for_a_choice(ward: Ward) -> None:
    ward.case("other")
    line = ward.prepared().lines.get()
    assert (line.because, line.section) == ("none", None)


def test_a_child_is_for_the_section_for_children(ward: Ward) -> None:
    child = a_resident(ward.officer, birth_date=clock.today() - timedelta(days=3650))
    a_case(ward.officer, child)
    line = ward.prepared().lines.get()
    # No such section has people: nobody is put there by a suggestion.
    assert (line.suggested, line.because, line.section) == ("CHILDREN", "age", None)


def test_a_restricted_case_tells_no_topic(ward: Ward) -> None:
    restrict(actor=ward.officer, case_id=ward.case("income").pk)
    line = ward.prepared().lines.get()
    assert (line.because, line.suggested) == ("restricted", "")


def test_a_case_with_an_open_abuse_report_stays_with_its_people(ward: Ward) -> None:
    a_report(ward.officer, ward.case(), members=[ward.manager.user])
    with pytest.raises(Conflict) as raised:
        ward.prepared()
    assert raised.value.reason_code == "nothing_to_move"


def test_one_batch_waits_at_a_time(ward: Ward) -> None:
    ward.case()
    ward.prepared()
    with pytest.raises(Conflict) as raised:
        ward.prepared()
    assert raised.value.reason_code == "move_exists"


def test_it_is_for_managers_of_the_office(ward: Ward) -> None:
    ward.case()
    move = ward.prepared()
    for actor in (
        ward.officer,
        a_member(ward.older, Role.MANAGER),
        a_member(an_agency(), Role.MANAGER),
    ):
        with pytest.raises(Forbidden):
            confirm_section_move(actor=actor, move_id=move.pk, version=1)


# What a person makes of it


def test_once_confirmed_the_section_leads_and_the_office_reads_nothing(ward: Ward) -> None:
    case = ward.case()
    ward.confirm(ward.prepared())
    case.refresh_from_db()
    assert case.lead_agency == ward.older
    assert sees(ward.elsewhere, case)
    assert not sees(ward.officer, case)
    assert not sees(ward.other, case)


def test_another_version_than_the_one_seen_confirms_nothing(ward: Ward) -> None:
    case = ward.case()
    move = ward.prepared()
    chosen = {move.lines.get().pk: ward.livelihood.pk}
    choose_sections(actor=ward.manager, move_id=move.pk, chosen=chosen)
    with pytest.raises(PreconditionFailed):
        ward.confirm(move)
    case.refresh_from_db()
    assert case.lead_agency == ward.office


def test_what_was_chosen_goes_there(ward: Ward) -> None:
    case = ward.case()
    move = ward.prepared()
    chosen = {move.lines.get().pk: ward.livelihood.pk}
    ward.confirm(choose_sections(actor=ward.manager, move_id=move.pk, chosen=chosen))
    case.refresh_from_db()
    assert case.lead_agency == ward.livelihood


def test_no_other_agency_is_chosen(ward: Ward) -> None:
    ward.case()
    move = ward.prepared()
    with pytest.raises(Invalid):
        choose_sections(
            actor=ward.manager, move_id=move.pk, chosen={move.lines.get().pk: an_agency().pk}
        )


def test_what_stays_is_not_asked_again_before_everything_else(ward: Ward) -> None:
    ward.case("other")
    ward.confirm(ward.prepared())
    later = ward.case()
    assert [each.code for each in ward.prepared().lines.all()] == [later.code]


def test_what_changed_meanwhile_is_left_as_it_is(ward: Ward) -> None:
    case = ward.case()
    move = ward.prepared()
    plaza = an_agency()
    Case.objects.filter(pk=case.pk).update(lead_agency=plaza)
    ward.confirm(move)
    case.refresh_from_db()
    assert case.lead_agency == plaza
    assert move.lines.get().outcome == "changed"


def test_a_case_that_was_restricted_meanwhile_is_left_as_it_is(ward: Ward) -> None:
    case = ward.case()
    move = ward.prepared()
    manager = a_member(ward.older, Role.MANAGER)
    restrict(actor=ward.officer, case_id=case.pk)
    ward.confirm(move)
    case.refresh_from_db()
    assert (case.lead_agency, move.lines.get().outcome) == (ward.office, "changed")
    assert not sees(manager, case)


def test_a_batch_can_be_thrown_away(ward: Ward) -> None:
    case = ward.case()
    withdraw_section_move(actor=ward.manager, move_id=ward.prepared().pk)
    case.refresh_from_db()
    assert case.lead_agency == ward.office


# What goes with a case


def test_who_is_in_charge_stays_it_where_they_work_for_the_section(ward: Ward) -> None:
    case = ward.case()
    ward.confirm(ward.prepared())
    case.refresh_from_db()
    assert case.person_in_charge == ward.officer.user


def test_consultation_and_registered_person_go_with_it(ward: Ward) -> None:
    case = ward.case()
    ward.confirm(ward.prepared())
    case.refresh_from_db()
    assert case.consultation
    assert case.consultation.agency == ward.older
    assert Resident.objects.get(pk=case.resident_id).registered_by == ward.older


def test_a_person_with_a_case_elsewhere_in_the_office_stays_registered_there(ward: Ward) -> None:
    case = ward.case()
    a_case(ward.officer, case.resident)
    move = ward.prepared()
    left = {each.pk: None for each in move.lines.all() if each.code != case.code}
    ward.confirm(choose_sections(actor=ward.manager, move_id=move.pk, chosen=left))
    assert Resident.objects.get(pk=case.resident_id).registered_by == ward.office


def test_what_the_case_has_sent_goes_with_it_and_what_was_received_by_its_own_line(
    ward: Ward,
) -> None:
    sent = a_sent_referral(ward.officer, an_agency(), ward.case())
    got = a_sent_referral(a_member(an_agency()), ward.office, need="livelihood")
    ward.confirm(ward.prepared())
    assert Referral.objects.get(pk=sent.pk).sender == ward.older
    assert Referral.objects.get(pk=got.pk).receiver == ward.livelihood


def test_reminders_follow_and_none_is_doubled(ward: Ward) -> None:
    case = ward.case()
    edit(actor=ward.officer, case_id=case.pk, next_action="訪問", next_action_on=clock.today())
    a_sent_referral(ward.officer, an_agency(), case)
    a_sent_referral(a_member(an_agency()), ward.office)
    before = Reminder.objects.filter(settled_at=None).count()
    ward.confirm(ward.prepared())
    open_ones = Reminder.objects.filter(settled_at=None)
    assert open_ones.count() == before
    kept = open_ones.filter(agency=ward.office)
    assert set(kept.values_list("kind", flat=True)) <= {"referral.unanswered"}


def test_the_trail_says_who_moved_what(ward: Ward) -> None:
    case = ward.case()
    ward.confirm(ward.prepared())
    entry = AuditEntry.objects.get(action="case.pass_on", object_ids=[case.pk])
    assert (entry.actor_id, entry.detail) == (str(ward.manager.user_id), {"to": str(ward.older.pk)})
    assert AuditEntry.objects.filter(action="agency.confirm_sections").exists()


def test_what_the_office_had_asked_of_the_section_itself_is_settled(ward: Ward) -> None:
    asked = a_sent_referral(ward.officer, ward.older, ward.case())
    ward.confirm(ward.prepared())
    asked.refresh_from_db()
    assert (asked.status, asked.closed_as) == ("closed", "settled")
    assert asked.events.latest("id").data["cause"] == "to_section"


def test_of_a_restricted_case_somebody_of_the_section_is_named(ward: Ward) -> None:
    case = ward.case()
    restrict(actor=ward.officer, case_id=case.pk)
    assert ward.manager.user is not None
    name_member(actor=ward.officer, case_id=case.pk, user=ward.manager.user)
    manager = a_member(ward.livelihood, Role.MANAGER)
    move = ward.prepared()
    chosen = {move.lines.get().pk: ward.livelihood.pk}
    ward.confirm(choose_sections(actor=ward.manager, move_id=move.pk, chosen=chosen))
    assert sees(manager, case)
    assert not sees(ward.other, case)


def test_a_restricted_case_goes_by_the_hand_of_whoever_is_named_alone(ward: Ward) -> None:
    case = ward.case()
    restrict(actor=ward.officer, case_id=case.pk)
    there = a_member(ward.livelihood, Role.MANAGER, user=ward.manager.user)
    move = ward.prepared()
    line = move.lines.get()
    with pytest.raises(Invalid):
        choose_sections(actor=ward.manager, move_id=move.pk, chosen={line.pk: ward.livelihood.pk})
    move.lines.update(section=ward.livelihood)  # as another one chose, who is named
    ward.confirm(move)
    assert move.lines.get().outcome == "stays"
    assert not sees(there, case)


def test_tasks_of_the_case_go_with_it_and_with_whoever_works_there_too(ward: Ward) -> None:
    case = ward.case()
    first = a_task(ward.officer, case, days=1, person=ward.officer.user)
    second = a_task(ward.officer, case, days=9, person=ward.officer.user)
    third = a_task(ward.officer, case, days=9, person=ward.manager.user)
    ward.confirm(ward.prepared())
    for task, person in ((first, ward.officer.user), (second, ward.officer.user), (third, None)):
        task.refresh_from_db()
        assert (task.agency, task.person) == (ward.older, person)
    assert third.handovers.get().cause == "with_case"


def test_what_an_accepted_referral_opened_is_open_to_the_section_alone(ward: Ward) -> None:
    sender = a_member(an_agency())
    case = a_case(sender)
    got = a_sent_referral(sender, ward.office, case, need="livelihood")
    accept(actor=ward.officer, referral_id=got.pk)
    ward.confirm(ward.prepared())
    assert sees(ward.other, case)
    assert not sees(ward.officer, case)


def test_what_the_office_had_to_do_there_goes_with_the_referral(ward: Ward) -> None:
    sender = a_member(an_agency())
    case = a_case(sender)
    got = a_sent_referral(sender, ward.office, case, need="care_service")
    accept(actor=ward.officer, referral_id=got.pk)
    theirs = a_task(ward.officer, case, person=ward.officer.user)
    anybodys, senders = a_task(sender, case, agency=ward.office), a_task(sender, case)
    ward.confirm(ward.prepared())
    take_back_tasks()
    hands = [(ward.older, ward.officer.user), (ward.older, None), (sender.agency, None)]
    for task, now in zip((theirs, anybodys, senders), hands, strict=True):
        task.refresh_from_db()
        assert (task.agency, task.person) == now


def test_a_watch_goes_by_a_line_of_its_own(ward: Ward) -> None:
    person = a_resident(ward.officer)
    watch = propose(
        actor=ward.officer,
        resident=person,
        method="visit",
        sharing_basis="INTERNAL",
        basis_words="見守り",
    )
    move = ward.prepared()
    assert [(each.code, each.because) for each in move.lines.all()] == [(watch.code, "watch")]
    ward.confirm(move)
    watch.refresh_from_db()
    assert watch.responsible_agency == ward.older


# What stays behind


def test_the_preview_counts_what_is_for_the_office_alone_and_tells_nothing_of_it(
    ward: Ward,
) -> None:
    case = ward.case()
    a_note(ward.officer, case, "agency")
    a_note(ward.officer, case, "case")
    a_fact(ward.officer, case.resident, audience="agency", value="apd")
    other = ward.case()
    move = ward.prepared()
    told = what_stays_behind(ward.manager, move.lines.all())
    assert {other.pk, case.pk} >= told.keys()
    assert ["1" in words for words in told[case.pk]] == [True, True]
    assert other.pk not in told
    page = api(ward.manager).get(f"/desk/sections/{move.pk}/").content.decode()
    assert page.count("内緒の話") == 0
    assert all(words in page for words in told[case.pk])


def test_of_a_restricted_case_it_tells_whoever_is_named_alone(ward: Ward) -> None:
    case = ward.case()
    a_note(ward.officer, case, "agency")
    restrict(actor=ward.officer, case_id=case.pk)
    lines = list(ward.prepared().lines.all())
    assert not what_stays_behind(ward.manager, lines)
    assert what_stays_behind(ward.officer, lines)[case.pk]


def test_what_was_for_the_office_alone_opens_to_nobody(ward: Ward) -> None:
    case = ward.case()
    note = a_note(ward.officer, case, "agency")
    fact = a_fact(ward.officer, case.resident, audience="agency")
    ward.confirm(ward.prepared())
    case.refresh_from_db()
    for actor in (ward.elsewhere, ward.officer, ward.manager):
        assert not cases.notes_visible_to(actor, case).filter(pk=note.pk).exists()
        assert not facts_visible_to(actor).filter(pk=fact.pk).exists()


def test_a_closed_abuse_report_stays_with_the_office_and_its_case_goes(ward: Ward) -> None:
    report = a_report(ward.officer, ward.case(), members=[ward.manager.user])
    AbuseReport.objects.filter(pk=report.pk).update(
        status="closed", closed_at=clock.now(), closed_for_desk="児童相談所"
    )
    manager = a_member(ward.older, Role.MANAGER)
    move = ward.prepared()
    told = what_stays_behind(ward.manager, move.lines.all())
    assert len(told[report.case_id]) == 1
    assert not what_stays_behind(a_member(ward.office, Role.MANAGER), move.lines.all())
    chosen = {move.lines.get().pk: ward.older.pk}
    ward.confirm(choose_sections(actor=ward.manager, move_id=move.pk, chosen=chosen))
    assert sees(manager, Case.objects.get(pk=report.case_id))
    assert not reports_visible_to(manager).exists()
    assert reports_visible_to(ward.manager).filter(pk=report.pk).exists()
