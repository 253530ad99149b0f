"""One person, two records: merging them, with its history, and undoing it."""

# ruff: noqa: ARG001 - fixtures that only have to be there

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from carenet.access.models import Grant
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.cases.actions.cases import restrict
from carenet.cases.actions.consultations import record
from carenet.core.errors import Conflict
from carenet.referrals.actions.acceptance_and_outcome import accept
from carenet.residents import actions
from carenet.residents.models import (
    MatchHint,
    Resident,
    ResidentMerge,
    ResidentShare,
    ResidentVersion,
    SearchEntry,
)
from carenet.residents.registry import pointers_at_residents
from tests.factories import a_case, a_draft, a_member, a_resident, a_sent_referral, an_agency, api
from tests.rest.raw_requests import code_of, pointers_of, problem_of

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Answer

RESIDENTS = "/api/v1/residents/"
#: What belongs to a record itself, and shares, which the ledger moves.
STAYS = {Resident, ResidentVersion, ResidentMerge, ResidentShare, SearchEntry}


@pytest.fixture
def survivor(registrar: Actor) -> Resident:
    return a_resident(registrar, phone="045-000-0001")


@pytest.fixture
def loser(registrar: Actor) -> Resident:
    return a_resident(registrar, phone="045-000-0002", address="大豆戸町26")


def merge(actor: Actor, survivor: Resident, loser: Resident) -> Answer:
    said = {"other": str(loser.pk), "reason": "同じ生年月日と住所"}
    return api(actor).post(f"{RESIDENTS}{survivor.pk}/merge/", said)


def unmerge(actor: Actor, survivor: Resident, loser: Resident) -> Answer:
    said = {"other": str(loser.pk), "reason": "別人だった"}
    return api(actor).post(f"{RESIDENTS}{survivor.pk}/unmerge/", said)


def test_every_column_that_points_at_residents_says_how_it_follows() -> None:
    known = {(pointer.model, pointer.field) for pointer in pointers_at_residents}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Resident and model not in STAYS:
                assert (model, field.name) in known, (
                    f"{model.__name__}.{field.name}: pointers_at_residents"
                )


def test_what_pointed_at_one_points_at_the_other(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    referral = a_sent_referral(registrar, helper.agency, a_case(registrar, loser))
    taken = record(
        actor=registrar, channel="phone", relationship="self", subject=loser,
        topics=["care"], main_topic="care", content="介護のこと",
    )  # fmt: skip
    assert merge(registrar, survivor, loser).status_code == 200
    for row in (referral, referral.case, taken):
        row.refresh_from_db()
    assert referral.resident == referral.case.resident == taken.subject == survivor
    assert (referral.version, taken.version) == (3, 2)


def test_the_survivors_words_stay(registrar: Actor, survivor: Resident, loser: Resident) -> None:
    shown = merge(registrar, survivor, loser).json()
    assert (shown["phone"], shown["address"]) == ("045-000-0001", "")


def test_each_agency_sees_the_survivor_through_its_own_case(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, loser))
    assert api(helper).get(f"{RESIDENTS}{survivor.pk}/").status_code == 404
    merge(registrar, survivor, loser)
    assert api(helper).get(f"{RESIDENTS}{survivor.pk}/").status_code == 200
    assert api(a_member(an_agency())).get(f"{RESIDENTS}{survivor.pk}/").status_code == 404


def test_a_merged_record_leads_to_the_one_in_its_place(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    merge(registrar, survivor, loser)
    told = problem_of(api(registrar).get(f"{RESIDENTS}{loser.pk}/"), 410)
    assert (told["code"], told["successor"]) == ("merged", str(survivor.pk))


def test_only_those_who_may_see_that_one(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    merge(registrar, survivor, loser)
    assert code_of(api(helper).get(f"{RESIDENTS}{loser.pk}/"), 404) == "not_found"


def test_nobody_finds_or_uses_a_merged_record(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    merge(registrar, survivor, loser)
    found = api(registrar).post(f"{RESIDENTS}search/", {"phone": "0002"}).json()
    assert found["results"] == []
    opened = api(registrar).post("/api/v1/cases/", {"resident": str(loser.pk), "summary": "独居"})
    assert pointers_of(opened) == ["/resident"]


def test_both_must_be_the_actors_to_correct(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, loser))
    theirs = a_resident(helper)
    assert code_of(merge(helper, theirs, loser), 403) == "not_record_keeper"


def test_one_out_of_sight_is_as_good_as_absent(registrar: Actor, helper: Actor) -> None:
    mine, theirs = a_resident(registrar), a_resident(helper)
    assert pointers_of(merge(registrar, mine, theirs)) == ["/other"]
    assert code_of(merge(registrar, theirs, mine), 404) == "not_found"


def test_nor_does_a_record_merge_with_itself(registrar: Actor, survivor: Resident) -> None:
    assert pointers_of(merge(registrar, survivor, survivor)) == ["/other"]


def test_the_protection_of_either_address_wins(registrar: Actor, survivor: Resident) -> None:
    loser = a_resident(registrar, address_protected=True)
    assert merge(registrar, survivor, loser).json()["address_protected"] is True


def test_a_protected_record_is_not_given_up_for_another_agencys(
    registrar: Actor, helper: Actor
) -> None:
    case = a_case(registrar, a_resident(registrar, address_protected=True))
    accept(
        actor=helper,
        referral_id=a_sent_referral(registrar, helper.agency, case, kind="TRANSFER_OF_LEAD").pk,
    )
    theirs = a_resident(helper)
    assert code_of(merge(helper, theirs, case.resident), 403) == "address_protected"


def test_disclosures_of_the_lost_address_end_and_shares_follow(
    registrar: Actor, helper: Actor, survivor: Resident
) -> None:
    loser = a_resident(registrar, address_protected=True, address="大豆戸町26")
    case = a_case(registrar, loser)
    referral = a_sent_referral(registrar, helper.agency, case, discloses_address=True)
    accept(actor=helper, referral_id=referral.pk)
    actions.edit(actor=registrar, resident_id=survivor.pk, address="篠原町1")
    merge(registrar, survivor, loser)
    shown = api(helper).get(f"{RESIDENTS}{survivor.pk}/").json()
    assert (shown["address"], shown["address_hidden"]) == (None, True)
    grants = Grant.objects.filter(subject_kind="resident", subject_id=loser.pk)
    assert not grants.live().exists()
    assert grants.exists()


def test_what_was_shared_of_one_is_shared_of_the_other(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    hint = MatchHint.objects.create(
        resident=loser, given_to=helper.agency, until="2999-01-01T00:00Z"
    )
    asked = actions.inquire(actor=helper, hint_id=hint.pk, words="訪問で出会った")
    actions.share(
        actor=registrar, inquiry_id=asked.pk, basis=SharingBasis.LIFE_BODY_PROPERTY, reason="火"
    )
    merge(registrar, survivor, loser)
    assert api(helper).get(f"{RESIDENTS}{survivor.pk}/").status_code == 200
    unmerge(registrar, survivor, loser)
    assert api(helper).get(f"{RESIDENTS}{survivor.pk}/").status_code == 404
    assert api(helper).get(f"{RESIDENTS}{loser.pk}/").status_code == 200


def test_undoing_puts_back_exactly_what_had_moved(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    theirs, its_own = a_case(registrar, loser), a_case(registrar, survivor)
    merge(registrar, survivor, loser)
    since = a_case(registrar, survivor)
    assert unmerge(registrar, survivor, loser).status_code == 200
    for case in (theirs, its_own, since):
        case.refresh_from_db()
    assert (theirs.resident, its_own.resident, since.resident) == (loser, survivor, survivor)
    assert api(registrar).get(f"{RESIDENTS}{loser.pk}/").status_code == 200


def test_a_referral_of_a_case_that_goes_back_goes_with_it(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    case = a_case(registrar, loser)
    merge(registrar, survivor, loser)
    case.refresh_from_db()
    later = a_draft(registrar, helper.agency, case)
    unmerge(registrar, survivor, loser)
    later.refresh_from_db()
    assert later.resident == loser


def test_a_protection_that_the_merge_brought_goes_with_it(
    registrar: Actor, survivor: Resident
) -> None:
    loser = a_resident(registrar, address_protected=True)
    merge(registrar, survivor, loser)
    assert unmerge(registrar, survivor, loser).json()["address_protected"] is False
    loser.refresh_from_db()
    assert loser.address_protected


def test_one_that_somebody_decided_since_stays(registrar: Actor, survivor: Resident) -> None:
    loser = a_resident(registrar, address_protected=True)
    merge(registrar, survivor, loser)
    for protected in (False, True):
        actions.edit(
            actor=registrar, resident_id=survivor.pk, address="篠原町1", address_protected=protected
        )
    assert unmerge(registrar, survivor, loser).json()["address_protected"] is True


def test_a_merge_is_undone_once(registrar: Actor, survivor: Resident, loser: Resident) -> None:
    merge(registrar, survivor, loser)
    unmerge(registrar, survivor, loser)
    assert code_of(unmerge(registrar, survivor, loser), 409) == "not_merged"


def test_merges_one_after_the_other_are_undone_from_the_last(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    first = a_resident(registrar)
    merge(registrar, loser, first)
    merge(registrar, survivor, loser)
    told = problem_of(api(registrar).get(f"{RESIDENTS}{first.pk}/"), 410)
    assert told["successor"] == str(survivor.pk)
    assert code_of(unmerge(registrar, loser, first), 410) == "merged"
    assert unmerge(registrar, survivor, loser).status_code == 200
    assert unmerge(registrar, loser, first).status_code == 200


def test_whoever_only_sees_the_survivor_does_not_undo(
    registrar: Actor, helper: Actor, survivor: Resident, loser: Resident
) -> None:
    a_sent_referral(registrar, helper.agency, a_case(registrar, survivor))
    merge(registrar, survivor, loser)
    assert code_of(unmerge(helper, survivor, loser), 403) == "not_record_keeper"


def test_the_history_tells_who_and_why_and_not_what_moved(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    restrict(actor=registrar, case_id=a_case(registrar, loser).pk)
    merge(registrar, survivor, loser)
    unmerge(registrar, survivor, loser)
    (row,) = api(registrar).get(f"{RESIDENTS}{survivor.pk}/merges/").json()["results"]
    assert (row["other"], row["reason"], row["undone_reason"]) == (
        str(loser.pk), "同じ生年月日と住所", "別人だった",
    )  # fmt: skip
    assert row["by_user"] == row["undone_by_user"] == str(registrar.user_id)
    assert "moved" not in row


def test_a_merge_is_never_deleted(registrar: Actor, survivor: Resident, loser: Resident) -> None:
    merge(registrar, survivor, loser)
    with pytest.raises(Exception, match="merges_are_kept"), transaction.atomic():
        ResidentMerge.objects.all().delete()


def test_a_record_is_merged_into_one_other_at_a_time(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    merge(registrar, survivor, loser)
    with pytest.raises(IntegrityError, match="merged_once_at_a_time"):
        ResidentMerge.objects.create(
            survivor=a_resident(registrar), loser=loser, reason="…", by_agency=registrar.agency
        )


def test_work_on_a_record_that_is_merged_meanwhile_is_refused(
    registrar: Actor, survivor: Resident, loser: Resident
) -> None:
    merge(registrar, survivor, loser)
    with pytest.raises(Conflict):
        a_case(registrar, loser)  # looked up before the merge
    with pytest.raises(Conflict):
        record(
            actor=registrar, channel="phone", relationship="self", subject=loser,
            topics=["care"], main_topic="care", content="介護のこと",
        )  # fmt: skip
