"""What every room's models and queries share: versions, terms, what is out of reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import models
from django.db.models.signals import post_init
from django.utils import translation

from carenet.agencies.models import Agency, Membership
from carenet.agencies.roles import Role
from carenet.cases.models import Case
from carenet.core import clock
from carenet.core.errors import NotFound
from carenet.core.models import get_visible, not_ended
from tests.factories import a_case, a_member, an_agency

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


def test_a_row_is_loaded_as_django_loads_it() -> None:
    case = a_case(a_member(an_agency()))
    loaded, by_django = Case.objects.get(pk=case.pk), vars(models.Model)["from_db"].__func__
    fields = [each.attname for each in Case._meta.concrete_fields]
    values = [getattr(loaded, each) for each in fields]
    other = by_django(Case, "default", fields, values)
    assert vars(loaded).keys() == vars(other).keys()
    assert (loaded._state.adding, loaded._state.db) == (False, "default")


def test_what_was_left_out_is_read_when_it_is_asked_for() -> None:
    case = a_case(a_member(an_agency()), summary="seen")
    loaded = Case.objects.only("number").get(pk=case.pk)
    assert loaded.get_deferred_fields()
    assert loaded.summary == "seen"


def test_who_listens_to_the_making_of_rows_hears_of_them() -> None:
    case, heard = a_case(a_member(an_agency())), []

    def hear(**said: Any) -> None:
        heard.append(said["instance"])

    post_init.connect(hear, sender=Case)
    try:
        assert heard == [Case.objects.get(pk=case.pk)]
    finally:
        post_init.disconnect(hear, sender=Case)


def test_a_choice_is_shown_in_the_language_of_the_reader() -> None:
    case = a_case(a_member(an_agency()))
    for language, label in (("en", "assessing"), ("ja", "アセスメント中")):
        with translation.override(language):
            assert case.get_status_display() == label
    case.status = "of another release"
    assert case.get_status_display() == "of another release"
