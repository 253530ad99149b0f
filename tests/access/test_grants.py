"""Explicit shares: the ledger, what of it is in force, and how they end."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from carenet.access.models import AccessEntry, Grant
from carenet.access.registry import shares_of
from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, AgencyKind, Membership
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.cases import policy
from carenet.cases.actions.shares import revoke_share, share_case
from carenet.cases.models import Case, CaseShare
from carenet.cases.selectors.case_list import case_page
from carenet.cases.states import OPEN
from carenet.referrals.actions.acceptance_and_outcome import accept, complete, fail
from carenet.referrals.models import Referral, ReferralOutcome
from tests.factories import (
    a_case,
    a_member,
    a_resident,
    a_sent_referral,
    a_system,
    an_agency,
    api,
)

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).parents[2]
NOTE = {"kind": "fact", "text": "訪問した", "happened_at": "2026-01-05T10:00:00+09:00"}


@pytest.fixture
def lead() -> Actor:
    return a_member(an_agency())


@pytest.fixture
def guest() -> Actor:
    return a_member(an_agency(AgencyKind.CORE_CONSULTATION_CENTER))


@pytest.fixture
def case(lead: Actor) -> Case:
    return a_case(lead)


def a_share(lead: Actor, case: Case, guest: Actor, **fields: Any) -> Grant:
    told = {"codename": "view_case", "basis": SharingBasis.WITHIN_PURPOSE, "reason": "支援会議"}
    return share_case(actor=lead, case_id=case.pk, agency=guest.agency, **(told | fields))


def an_accepted_referral(lead: Actor, guest: Actor, case: Case, **fields: Any) -> Referral:
    sent = a_sent_referral(lead, guest.agency, case, **fields)
    return accept(actor=guest, referral_id=sent.pk)


def in_force(case: Case, agency: Agency) -> dict[str, datetime | None]:
    rows = CaseShare.objects.filter(content_object=case, group=agency.group)
    return dict(rows.values_list("permission__codename", "until"))


def listed_until(case: Case, agency: Agency) -> datetime | None:
    return AccessEntry.objects.get(object_id=case.pk, agency=agency, way="share").until


def sees(guest: Actor, case: Case) -> bool:
    return api(guest).get(f"/api/v1/cases/{case.pk}/").status_code == 200


def later(**span: float) -> datetime:
    return timezone.now() + timedelta(**span)


# The ledger.


def test_two_causes_are_two_lines_and_one_row_in_force(
    lead: Actor, guest: Actor, case: Case
) -> None:
    a_share(lead, case, guest, until=later(hours=1))
    last = a_share(lead, case, guest)
    assert Grant.objects.filter(subject_id=case.pk).count() == 2
    assert in_force(case, guest.agency) == {"view_case": last.until}


def test_the_end_of_one_cause_does_not_end_the_other(lead: Actor, guest: Actor, case: Case) -> None:
    first, _second = a_share(lead, case, guest), a_share(lead, case, guest)
    revoke_share(actor=lead, case_id=case.pk, grant_id=first.pk)
    assert sees(guest, case)


def test_the_end_of_the_last_cause_ends_the_share(lead: Actor, guest: Actor, case: Case) -> None:
    for grant in (a_share(lead, case, guest), a_share(lead, case, guest)):
        revoke_share(actor=lead, case_id=case.pk, grant_id=grant.pk)
    assert in_force(case, guest.agency) == {}
    assert not sees(guest, case)


def test_the_end_of_a_referral_does_not_end_what_the_lead_gave(
    lead: Actor, guest: Actor, case: Case
) -> None:
    referral = an_accepted_referral(lead, guest, case)
    given = a_share(lead, case, guest, codename="co_support_case")
    fail(actor=guest, referral_id=referral.pk, reason="連絡がつかない")
    assert in_force(case, guest.agency) == {"co_support_case": given.until}


def test_two_referrals_to_one_agency_end_each_for_itself(
    lead: Actor, guest: Actor, case: Case
) -> None:
    first = an_accepted_referral(lead, guest, case)
    an_accepted_referral(lead, guest, case, need="home_visit")
    done: Any = {"outcome": ReferralOutcome.SERVICE_STARTED, "report": "つながった"}
    complete(actor=guest, referral_id=first.pk, **done)
    with time_machine.travel(later(days=364)):
        assert sees(guest, case)


def test_a_line_says_why_by_whom_and_on_which_basis(lead: Actor, guest: Actor, case: Case) -> None:
    referral = an_accepted_referral(lead, guest, case)
    grant = Grant.objects.get(subject_id=case.pk)
    assert (grant.cause_kind, grant.cause_id) == ("referral", referral.pk)
    assert (grant.given_by, grant.given_by_agency) == (guest.user, guest.agency)
    assert grant.basis == referral.sharing_basis


def test_giving_and_revoking_are_in_the_trail(lead: Actor, guest: Actor, case: Case) -> None:
    grant = a_share(lead, case, guest)
    revoke_share(actor=lead, case_id=case.pk, grant_id=grant.pk)
    written = AuditEntry.objects.filter(detail__grant=str(grant.pk)).order_by("time")
    assert [entry.action for entry in written] == ["grant.give", "grant.revoke"]


@pytest.mark.parametrize("sql", ["DELETE FROM access_grant", None])
def test_the_ledger_keeps_its_rows(lead: Actor, guest: Actor, case: Case, sql: str | None) -> None:
    grant = a_share(lead, case, guest)
    with (
        pytest.raises(DatabaseError, match="Cannot delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql) if sql else grant.delete()
    assert Grant.objects.filter(pk=grant.pk).exists()


# Ends.


@pytest.mark.parametrize(("hours", "latest"), [((1, 2), 2), ((2, 1), 2)])
def test_the_row_in_force_carries_the_latest_end(
    lead: Actor, guest: Actor, case: Case, hours: tuple[int, int], latest: int
) -> None:
    ends = {each: later(hours=each) for each in hours}
    for until in ends.values():
        a_share(lead, case, guest, until=until)
    assert in_force(case, guest.agency) == {"view_case": ends[latest]}
    assert listed_until(case, guest.agency) == ends[latest]


def test_revoking_the_longest_leaves_the_next_end(lead: Actor, guest: Actor, case: Case) -> None:
    soon = later(hours=1)
    a_share(lead, case, guest, until=soon)
    longest = a_share(lead, case, guest)
    revoke_share(actor=lead, case_id=case.pk, grant_id=longest.pk)
    assert in_force(case, guest.agency) == {"view_case": soon}
    assert listed_until(case, guest.agency) == soon


def test_the_list_shows_until_the_latest_end_of_all_permissions(
    lead: Actor, guest: Actor, case: Case
) -> None:
    a_share(lead, case, guest, until=later(hours=1))
    last = later(hours=2)
    a_share(lead, case, guest, codename="co_support_case", until=last)
    assert listed_until(case, guest.agency) == last


def test_an_end_needs_no_job(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest, until=later(hours=1))
    assert sees(guest, case)
    with time_machine.travel(later(hours=2)):
        assert not sees(guest, case)
        assert not policy.can_view(guest, case)
        assert not has_perm(guest, "cases.view_case", case)
        assert listed(guest) == []
    assert in_force(case, guest.agency)  # the row is still there, only its time is over


def has_perm(actor: Actor, perm: str, case: Case) -> bool:
    assert actor.user
    actor.user.actor = actor  # type: ignore[attr-defined]
    return actor.user.has_perm(perm, case)


def listed(actor: Actor) -> list[Case | None]:
    return case_page(actor, statuses=OPEN, after=None, backwards=False, limit=10)[0]


def test_what_has_run_out_can_be_given_again(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest, until=later(hours=1))
    with time_machine.travel(later(hours=2)):
        until = later(hours=1)
        a_share(lead, case, guest, until=until)
        assert in_force(case, guest.agency) == {"view_case": until}
        assert sees(guest, case)


def test_a_revocation_holds_with_the_next_request(lead: Actor, guest: Actor, case: Case) -> None:
    grant = a_share(lead, case, guest)
    reader, address = api(guest), f"/api/v1/cases/{case.pk}/"
    assert reader.get(address).status_code == 200
    revoked = api(lead).post(f"{address}grants/{grant.pk}/revoke/", {})
    assert revoked.json()["revoked_at"]
    assert reader.get(address).status_code == 404
    assert reader.get("/api/v1/cases/").json()["results"] == []
    assert not AccessEntry.objects.filter(object_id=case.pk, agency=guest.agency).exists()


def test_a_share_cannot_begin_with_its_end(lead: Actor, guest: Actor, case: Case) -> None:
    told = {
        "agency": str(guest.agency_id), "permission": "view_case", "basis": "WITHIN_PURPOSE",
        "reason": "会議", "until": later(hours=-1).isoformat(),
    }  # fmt: skip
    answer = api(lead).post(f"/api/v1/cases/{case.pk}/grants/", told)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/until")


# What a share lets in to.


def test_a_share_to_read_does_not_let_write(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest)
    assert sees(guest, case)
    answer = api(guest).post(f"/api/v1/cases/{case.pk}/notes/", NOTE)
    assert answer.status_code == 403
    assert answer.json()["missing_basis"]


def test_a_share_in_the_support_lets_write_notes(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest, codename="co_support_case")
    assert api(guest).post(f"/api/v1/cases/{case.pk}/notes/", NOTE).status_code == 201


def test_a_share_of_one_case_is_no_share_of_another(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest)
    other = a_case(lead, case.resident)
    assert not sees(guest, other)


def test_a_share_on_one_child_address_does_not_open_another(
    lead: Actor, guest: Actor, case: Case
) -> None:
    grant, other = a_share(lead, case, guest), a_case(lead)
    answer = api(lead).post(f"/api/v1/cases/{other.pk}/grants/{grant.pk}/revoke/", {})
    assert answer.status_code == 404
    assert sees(guest, case)


def test_a_protected_address_is_shown_while_its_share_lives(lead: Actor, guest: Actor) -> None:
    person = a_resident(lead, address="大豆戸町1-2-3", address_protected=True)
    case = a_case(lead, person)
    referral = an_accepted_referral(lead, guest, case, discloses_address=True)
    page = f"/api/v1/residents/{person.pk}/"
    assert api(guest).get(page).json()["address"] == "大豆戸町1-2-3"
    a_share(lead, case, guest)
    fail(actor=guest, referral_id=referral.pk, reason="転居")
    with time_machine.travel(later(days=91)):
        shown = api(guest).get(page).json()
    assert (shown["address"], shown["address_hidden"]) == (None, True)


def test_a_referral_discloses_no_protected_address_by_itself(lead: Actor, guest: Actor) -> None:
    person = a_resident(lead, address="大豆戸町1-2-3", address_protected=True)
    an_accepted_referral(lead, guest, a_case(lead, person))
    shown = api(guest).get(f"/api/v1/residents/{person.pk}/").json()
    assert (shown["address"], shown["address_hidden"]) == (None, True)


# To whom.


@pytest.mark.parametrize("role", [Role.WATCHER, Role.AUDITOR, Role.COORDINATOR])
def test_who_does_no_casework_is_not_in_the_group(guest: Actor, role: Role) -> None:
    assert not a_member(guest.agency, role).user.groups.exists()  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_who_does_casework_is_in_the_group(guest: Actor, role: Role) -> None:
    user = a_member(guest.agency, role, Role.WATCHER).user
    assert user
    assert list(user.groups.all()) == [guest.agency.group]


@pytest.mark.parametrize("role", [Role.WATCHER, Role.AUDITOR])
def test_a_watcher_or_auditor_sees_nothing_even_if_in_the_group(
    lead: Actor, guest: Actor, case: Case, role: Role
) -> None:
    a_share(lead, case, guest)
    onlooker = a_member(guest.agency, role)
    assert onlooker.user
    onlooker.user.groups.add(guest.agency.group)
    assert not sees(onlooker, case)
    assert not has_perm(onlooker, "cases.view_case", case)


def test_a_member_of_two_agencies_has_the_shares_of_the_one_acted_for(
    lead: Actor, guest: Actor, case: Case
) -> None:
    a_share(lead, case, guest)
    elsewhere = a_member(an_agency(), user=guest.user)
    assert sees(guest, case)
    assert not sees(elsewhere, case)
    assert not has_perm(elsewhere, "cases.view_case", case)


def test_whoever_leaves_the_agency_leaves_its_shares(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest)
    Membership.objects.filter(user=guest.user).update(until=timezone.now())
    assert not sees(guest, case)


def test_a_client_has_the_shares_of_its_agency(lead: Actor, guest: Actor, case: Case) -> None:
    a_share(lead, case, guest)
    assert a_system(guest.agency).get(f"/api/v1/cases/{case.pk}/").status_code == 200
    assert a_system(an_agency()).get(f"/api/v1/cases/{case.pk}/").status_code == 404


# Not around the ledger.


@pytest.mark.parametrize("shortcut", ["assign_perm", "remove_perm", "get_objects_for_user"])
def test_the_linter_refuses_guardians_own_shortcuts(shortcut: str) -> None:
    lint = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert f"guardian.shortcuts.{shortcut}" in lint["flake8-tidy-imports"]["banned-api"]
    excepted = [where for where, rules in lint["per-file-ignores"].items() if "TID251" in rules]
    rooms = [where for where in excepted if where.startswith("carenet")]
    assert rooms == ["carenet/access/**"]


def test_only_access_speaks_to_guardian() -> None:
    speaking = {
        path.relative_to(PROJECT).parts[1]
        for path in (PROJECT / "carenet").rglob("*.py")
        if "migrations" not in path.parts and "guardian" in _imported(path)
    }
    assert speaking == {"access"}


def _imported(path: Path) -> set[str]:
    words = [line.split() for line in path.read_text().splitlines()]
    return {line[1].split(".")[0] for line in words if line[:1] in (["from"], ["import"])}


def test_a_kind_that_is_never_shared_has_no_table_of_shares() -> None:
    with pytest.raises(LookupError):
        shares_of("referral")
