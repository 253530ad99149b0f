"""What hangs on an agency: every kind is answered by its room, and everything is counted."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carenet.agencies.models import Agency, AgencyKind
from carenet.agencies.registry import closure_kinds, columns_that_stay
from carenet.agencies.roles import Role
from carenet.agencies.selectors.closures import what_hangs_on
from carenet.agencies.states import ClosureOutcome
from tests.factories import a_case, a_member, a_resident, a_sent_referral, an_agency, api

pytestmark = pytest.mark.django_db


def columns() -> set[str]:
    """Return every foreign key to an agency, in whatever room."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if not model._meta.auto_created
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model is Agency
    }


def test_each_room_says_of_every_column_what_becomes_of_it_or_that_it_stays() -> None:
    dealt_with = {column for kind in closure_kinds() for column in kind.columns}
    assert columns() == dealt_with | columns_that_stay()
    assert not dealt_with & columns_that_stay()


def test_kinds_have_names_of_their_own_and_follow_one_that_passes() -> None:
    kinds = {kind.name: kind for kind in closure_kinds()}
    assert len(kinds) == len(closure_kinds())
    following = [kind for kind in kinds.values() if kind.fate == ClosureOutcome.FOLLOWS]
    assert {kinds[kind.follows].fate for kind in following} == {ClosureOutcome.PASSES}
    assert not [kind for kind in kinds.values() if kind.follows and kind not in following]


def test_everything_is_counted_in_one_statement() -> None:
    staff = a_member(an_agency())
    case = a_case(staff, a_resident(staff, address_protected=True), summary="独居")
    a_sent_referral(staff, an_agency(), case)
    a_sent_referral(a_member(an_agency()), staff.agency)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = {each.kind.name: each.count for each in what_hangs_on(staff.agency)}
    assert len(asked) == 1
    expected = {
        "members": 1, "residents": 1, "protected_addresses": 1, "cases": 1, "referrals_sent": 1,
        "referrals_received": 1,
    }  # fmt: skip
    assert expected.items() <= found.items()
    assert found["clients"] == found["watches"] == 0


def test_the_ward_office_looks_and_other_agencies_do_not() -> None:
    agency = an_agency()
    office = an_agency(AgencyKind.WARD_OFFICE)
    elsewhere = an_agency(AgencyKind.WARD_OFFICE, municipality_code="141011")
    path = f"/api/v1/agencies/{agency.pk}/closure/"
    seen = api(a_member(office, Role.COORDINATOR)).get(path)
    assert (seen.status_code, len(seen.json()["kinds"])) == (200, len(closure_kinds()))
    refused = api(a_member(elsewhere, Role.COORDINATOR)).get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_close")
    stays = api(a_member(office, Role.MANAGER)).get(f"/api/v1/agencies/{office.pk}/closure/")
    assert (stays.status_code, stays.json()["code"]) == (403, "ward_office_stays")


def test_the_page_shows_every_kind_to_the_ward_office() -> None:
    agency = an_agency(name="樽町地域ケアプラザ")
    client = api(a_member(an_agency(AgencyKind.WARD_OFFICE), Role.MANAGER))
    found = client.get("/desk/closures/", {"q": "樽町"}).content.decode()
    assert f"/desk/closures/agencies/{agency.pk}/" in found
    page = client.get(f"/desk/closures/agencies/{agency.pk}/").content.decode()
    assert page.count("<tr>") == len(closure_kinds()) + 1
