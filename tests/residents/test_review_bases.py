"""What was disclosed before there was a table of bases: listed without a name, and ended with word."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pgtrigger
import pytest
from django.core.management import call_command
from django.utils import timezone

from carenet.access.models import Grant
from carenet.agencies.actors import Actor
from carenet.audit.models import AuditEntry
from carenet.referrals.models import Referral
from carenet.reminders.models import Reminder
from carenet.watchlists.actions.entries import send
from carenet.watchlists.models import ListEntry, ListEvent, WatchList
from carenet.watchover.models import WatchAssignment
from tests.cases.paths import share
from tests.factories import a_case, a_resident, a_sent_referral
from tests.residents.samples import a_consent
from tests.watchlists.lists import listed
from tests.watchover.watches import a_neighbourhood, a_proposal


def review(*options: str) -> list[str]:
    """Return what the command says, but for its last line."""
    out = StringIO()
    call_command("review_bases", *options, stdout=out)
    assert "霧立" not in out.getvalue()
    return sorted(out.getvalue().splitlines()[:-1])


@pytest.mark.django_db
def test_what_does_not_hold_is_listed_and_ended_once_with_word_to_its_giver(
    registrar: Actor, helper: Actor
) -> None:
    person = a_resident(registrar, family_name="霧立")
    case = a_case(registrar, person)
    good, word, endless = (share(registrar, case, helper.agency_id) for _ in range(3))
    Grant.objects.filter(pk=word).update(basis="DISASTER_NOW", until=None)
    Grant.objects.filter(pk=endless).update(until=None)
    referral = a_sent_referral(registrar, helper.agency, case)
    Referral.objects.filter(pk=referral.pk).update(sharing_basis="CLEAR_BENEFIT")
    who = a_neighbourhood()
    kept, lost = a_proposal(who), a_proposal(who)
    WatchAssignment.objects.update(status="consented")
    WatchAssignment.objects.filter(pk=lost.pk).update(resident=a_resident(who.desk))

    expected = sorted([
        f"grant basis_needs_its_object 1: {word}", f"grant no_end 1: {endless}",
        f"referral basis_not_yours 1: {referral.pk}", f"watchassignment no_consent 1: {lost.pk}",
    ])  # fmt: skip
    assert review() == expected
    assert review() == expected
    assert not Grant.objects.exclude(revoked_at=None).exists()

    assert review("--end") == expected
    assert review("--end") == []
    ended = Grant.objects.exclude(revoked_at=None).values_list("pk", flat=True)
    assert [str(each) for each in ended] == [word]
    assert Grant.objects.get(pk=endless).until
    assert Grant.objects.get(pk=good).revoked_at is None
    referral.refresh_from_db()
    assert (referral.is_open, referral.carries_at(timezone.now())) == (True, False)
    states = dict(WatchAssignment.objects.values_list("pk", "status"))
    assert states == {kept.pk: "consented", lost.pk: "ended"}
    told = Reminder.objects.filter(kind__in=["basis.ended", "watch.basis_ended"])
    assert {(str(each.subject_id), each.agency) for each in told} == {
        (word, registrar.agency), (str(referral.pk), registrar.agency),
        (str(lost.pk), who.desk.agency),
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="referral.end_basis").exists()


@pytest.mark.django_db
def test_what_the_person_refuses_and_what_has_lasted_too_long_does_not_hold(
    registrar: Actor, helper: Actor
) -> None:
    case = a_case(registrar, a_resident(registrar))
    refused, old = (share(registrar, case, helper.agency_id) for _ in range(2))
    long_ago = timezone.now() - timedelta(days=30)
    Grant.objects.filter(pk=old).update(basis="LIFE_BODY_PROPERTY", given_at=long_ago)
    a_consent(registrar, case.resident, helper.agency, pole="refused")
    assert review() == sorted([f"grant basis_over 1: {old}", f"grant consent_refused 1: {refused}"])


@pytest.mark.django_db
def test_lists_and_the_first_visits_that_they_let_others_make_are_reviewed() -> None:
    who = a_neighbourhood()
    to: dict[str, Any] = {"visitor": who.watcher.user, "agency": who.watcher.agency}
    given, typed, own = listed(who.ward, 3, agency=who.desk.agency)
    send(actor=who.desk, entry_ids=[given.pk, typed.pk], **to)
    send(actor=who.desk, entry_ids=[own.pk], visitor=who.desk.user)
    with pgtrigger.ignore("watchover.ListEvent:list_events_stay"):
        ListEvent.objects.filter(entry=typed, verb="import").update(by_agency=who.desk.agency)
    endless = given.watch_list
    WatchList.objects.filter(pk=endless.pk).update(basis_until=None)

    expected = [f"listentry basis_not_yours 1: {typed.pk}", f"watchlist no_end 1: {endless.pk}"]
    assert review() == expected
    assert review("--end") == expected
    assert review("--end") == []
    visitors = dict(ListEntry.objects.values_list("pk", "visitor"))
    assert visitors == {
        given.pk: who.watcher.user_id, typed.pk: None, own.pk: who.desk.user_id,
    }  # fmt: skip
    endless.refresh_from_db()
    assert endless.basis_until
    ended = AuditEntry.objects.get(action="watchlist.end_basis")
    assert (ended.object_ids, ended.agency_id) == ([endless.pk], endless.agency_id)
    told = Reminder.objects.get(kind="basis.ended")
    assert (told.subject_id, told.agency) == (typed.pk, who.desk.agency)
