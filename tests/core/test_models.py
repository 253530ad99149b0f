"""What every room's models and queries share: versions, terms, what is out of reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carenet.agencies.models import Agency, Membership
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.core.errors import NotFound
from carenet.core.models import get_visible, not_ended
from tests.factories import a_member, an_agency

pytestmark = pytest.mark.django_db


def test_a_change_is_saved_under_the_next_version() -> None:
    agency = an_agency()
    agency.name, agency.phone = "第二", "045"
    agency.save_version("name")
    stored = Agency.objects.get(pk=agency.pk)
    assert (stored.version, stored.name, stored.phone) == (2, "第二", "")
    agency.save_version()
    agency.refresh_from_db()
    assert (agency.version, agency.phone) == (3, "045")


def test_a_row_that_is_not_visible_is_not_found() -> None:
    agency = an_agency()
    assert get_visible(Agency.objects.all(), pk=agency.pk) == agency
    with pytest.raises(NotFound):
        get_visible(Agency.objects.exclude(pk=agency.pk), pk=agency.pk)


def test_a_term_without_an_end_lasts_and_is_over_at_its_end() -> None:
    a_member(an_agency(), Role.STAFF)
    rows, now = Membership.objects.all(), clock.now()
    for until, lasts in ((None, True), (now + timedelta(seconds=1), True), (now, False)):
        rows.update(since=now - timedelta(days=1), until=until)
        assert rows.filter(not_ended(now)).exists() is lasts, until
