"""Consent to who leaves is not consent to who comes after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carenet.agencies.actors import Actor
from carenet.residents.actions import record_consent
from carenet.watchover.actions import handover_plan
from carenet.watchover.models import WatchAssignment
from tests.watchover.handover.plans import (
    FIRST,
    LAST,
    MIDNIGHT,
    a_plan,
    by_law,
    now,
    obstacle,
    remarks,
    scheduled,
)
from tests.watchover.watches import Neighbourhood, sweep


def says(who: Neighbourhood, watch: WatchAssignment, pole: str, **fields: Any) -> None:
    record_consent(
        actor=who.desk, resident_id=watch.resident_id, agencies=[who.watcher.agency],
        pole=pole, method="oral", categories=["identity"], **fields,
    )  # fmt: skip


def test_consent_to_the_one_who_leaves_is_asked_anew(who: Neighbourhood, successor: Actor) -> None:
    by_law(who, sharing_basis="CONSENT")
    assert obstacle(a_plan(who, successor)) == "consent_needed"


def test_consent_to_the_council_covers_who_comes_after(
    who: Neighbourhood, successor: Actor
) -> None:
    says(who, by_law(who, sharing_basis="CONSENT"), "given")
    assert obstacle(a_plan(who, successor)) == ""


@pytest.mark.parametrize("last", [LAST, date(2026, 12, 1)])
def test_consent_counts_that_holds_on_the_day(
    who: Neighbourhood, successor: Actor, last: date
) -> None:
    says(who, by_law(who, sharing_basis="CONSENT"), "given", expires_on=last)
    assert obstacle(a_plan(who, successor)) == ("" if last == FIRST else "consent_needed")


def test_a_refusal_of_the_council_stands_whatever_else_was_noted(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    says(who, watch, "refused")
    assert obstacle(a_plan(who, successor, consented=[watch.pk])) == "refused"


def test_who_was_asked_anew_and_agreed_goes_to_the_successor(
    who: Neighbourhood, successor: Actor
) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    plan = a_plan(who, successor)
    plan = handover_plan.change(actor=who.desk, handover_id=plan.pk, consented=[watch.pk])
    assert obstacle(plan) == ""
    assert watch.events.filter(verb="consent_anew").count() == 1
    assert watch.resident.consents.get().agencies == [successor.agency_id]


def test_who_was_appointed_again_goes_on_without_being_agreed_to_anew(who: Neighbourhood) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    plan = scheduled(who, who.watcher)
    assert remarks(plan) == ["reappointed"]
    sweep(MIDNIGHT)
    assert (now(watch).watcher, now(watch).term_until) == (who.watcher.user, date(2028, 11, 30))


def test_until_consent_is_there_the_backup_looks_in(who: Neighbourhood, successor: Actor) -> None:
    watch = by_law(who, sharing_basis="CONSENT")
    scheduled(who, successor)
    sweep(MIDNIGHT)
    assert (now(watch).watcher, now(watch).status) == (who.backup.user, "active")
