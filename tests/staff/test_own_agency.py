"""The pages of one's own agency: what waits at whom, when it works, what it says of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from carenet.agencies.models import CalendarException, ChasingRule
from carenet.core import clock
from carenet.jobs.actions import start
from carenet.watchover.models import EscalationPolicy
from tests.factories import a_member, a_sent_referral, an_agency
from tests.staff.members import Plaza, a_plaza
from tests.staff.query_count import queries

pytestmark = pytest.mark.django_db
HOME = "/desk/agency/"


@pytest.fixture
def plaza() -> Plaza:
    return a_plaza()


def shown(plaza: Plaza, address: str = HOME) -> str:
    return plaza.desk().get(address).content.decode()


def post(plaza: Plaza, address: str, **fields: Any) -> Any:
    """Send a form under the version of the agency that holds now."""
    plaza.manager.agency.refresh_from_db()
    given = {"version": str(plaza.manager.agency.version)} | fields
    return plaza.desk().post(address, given)


def an_unanswered_referral(plaza: Plaza) -> Any:
    return a_sent_referral(a_member(an_agency()), plaza.manager.agency)


def test_a_manager_without_casework_begins_at_the_agency(plaza: Plaza) -> None:
    assert plaza.desk().get("/")["Location"] == HOME


def test_whoever_does_casework_begins_at_today(plaza: Plaza) -> None:
    assert plaza.desk(plaza.stays).get("/")["Location"] == "/desk/"


def test_what_waits_is_told_by_person(plaza: Plaza) -> None:
    plaza.case()
    plaza.task()
    an_unanswered_referral(plaza)
    told = shown(plaza)
    assert "nobody by name" in told
    assert f"/desk/members/{plaza.leaving.pk}/" in told


def test_a_manager_is_not_told_of_referrals_on_which_they_take_no_step(plaza: Plaza) -> None:
    referral = an_unanswered_referral(plaza)
    assert referral.code not in shown(plaza, "/desk/")
    assert referral.code in plaza.desk(plaza.stays).get("/desk/").content.decode()


def test_the_home_of_a_manager_asks_no_more_for_more(plaza: Plaza) -> None:
    plaza.task()
    an_unanswered_referral(plaza)
    before = len(queries(plaza.desk(), HOME))
    for _each in range(2):
        plaza.task()
        an_unanswered_referral(plaza)
        a_member(plaza.manager.agency)
    assert len(queries(plaza.desk(), HOME)) == before <= 12


@pytest.mark.operation("agencies_calendar_partial_update")
def test_the_week_is_changed(plaza: Plaza) -> None:
    answer = post(plaza, f"{HOME}calendar/", closed_weekdays=["5", "6"], closed_on_holidays="on")
    plaza.manager.agency.refresh_from_db()
    assert answer["Location"].endswith("?done=week")
    assert plaza.manager.agency.closed_weekdays == [5, 6]
    assert not plaza.manager.agency.closed_at_new_year


def test_a_week_without_an_open_day_is_refused_beside_its_field(plaza: Plaza) -> None:
    answer = post(plaza, f"{HOME}calendar/", closed_weekdays=[str(day) for day in range(7)])
    assert answer.status_code == 400
    assert 'href="#id_closed_weekdays' in answer.content.decode()


@pytest.mark.operation(
    "agencies_calendar_exceptions_create",
    "agencies_calendar_exceptions_remove_create",
)
def test_a_closing_day_is_entered_and_taken_away_again(plaza: Plaza) -> None:
    post(plaza, f"{HOME}calendar/days/", on="あさって", is_open="closed", reason="棚卸し")
    day = CalendarException.objects.get(agency=plaza.manager.agency)
    assert (day.on, day.is_open) == (clock.today() + timedelta(days=2), False)
    assert "棚卸し" in shown(plaza, f"{HOME}calendar/")
    post(plaza, f"{HOME}calendar/days/{day.pk}/remove/")
    assert not CalendarException.objects.filter(pk=day.pk).exists()


@pytest.mark.operation("agencies_capacity_update")
def test_capacity_is_published(plaza: Plaza) -> None:
    answer = post(plaza, f"{HOME}capacity/", state="limited", note="火曜のみ")
    assert answer["Location"].endswith("?done=capacity")
    partner = plaza.desk(a_member(an_agency()))
    seen = partner.get(f"/desk/agencies/{plaza.manager.agency_id}/").content.decode()
    assert "火曜のみ" in seen


def test_who_has_not_seen_the_agency_as_it_is_changes_nothing(plaza: Plaza) -> None:
    answer = post(plaza, f"{HOME}capacity/", state="limited", version="99")
    assert answer.status_code == 412


@pytest.mark.operation("agencies_settings_partial_update")
def test_quiet_hours_are_set(plaza: Plaza) -> None:
    post(plaza, f"{HOME}notifications/", quiet_from="20:00", quiet_until="7:00", digest_at="8:15")
    plaza.manager.agency.refresh_from_db()
    assert str(plaza.manager.agency.quiet_until) == "07:00:00"


@pytest.mark.operation("me_notifications_update")
def test_somebody_chooses_how_they_are_told_themselves(plaza: Plaza) -> None:
    given = {"language": "en", "digest": "daily"}
    plaza.desk(plaza.stays).post("/account/notifications/", given)
    assert plaza.stays.user
    plaza.stays.user.refresh_from_db()
    user = plaza.stays.user
    assert (user.language, user.by_email, user.digest) == ("en", False, True)


@pytest.mark.operation(
    "agencies_chasing_create",
    "agencies_chasing_partial_update",
    "agencies_chasing_remove_create",
)
def test_a_pace_is_set_changed_and_taken_away(plaza: Plaza) -> None:
    partner = an_agency(name="みほんの丘")
    given = {"stage": "start", "partner": str(partner.pk), "days_to_due": "5"}
    plaza.desk().post(f"{HOME}chasing/new/", given)
    rule = ChasingRule.objects.get(agency=plaza.manager.agency)
    here = f"{HOME}chasing/{rule.pk}/"
    plaza.desk().post(here, {"days_between": "2", "version": str(rule.version)})
    rule.refresh_from_db()
    assert (rule.partner, rule.days_to_due, rule.days_between) == (partner, None, 2)
    assert "みほんの丘" in shown(plaza, f"{HOME}chasing/")
    plaza.desk().post(f"{here}remove/", {"version": str(rule.version)})
    assert not ChasingRule.objects.filter(pk=rule.pk).exists()


@pytest.mark.operation(
    "agency_ladder_replace",
    "agency_ladder_remove",
)
def test_a_ladder_is_seen_kept_and_given_up(plaza: Plaza) -> None:
    here = f"{HOME}ladders/concern/"
    form = plaza.desk().get(here).context
    given = {"form-TOTAL_FORMS": str(form["steps"].total_form_count()), "form-INITIAL_FORMS": "0"}
    for part in (*form["steps"], form["again"]):
        for field in part:
            given |= _as_sent(field)
    plaza.desk().post(here, given | {"keep": "1", "version": "0"})
    kept = EscalationPolicy.objects.get(agency=plaza.manager.agency, kind="concern")
    assert kept.steps.exists()
    plaza.desk().post(here, {"remove": "1", "version": str(kept.version)})
    assert not kept.steps.exists()


def _as_sent(field: Any) -> dict[str, str]:
    """Return what a browser sends of a field that nobody has touched."""
    widget, value = field.field.widget, field.value()
    if hasattr(widget, "widgets"):
        parts = widget.decompress(value)
        names = widget.widgets_names
        return {
            f"{field.html_name}{name}": "" if part is None else str(part)
            for name, part in zip(names, parts, strict=True)
        }
    return {field.html_name: "" if value is None else str(value)}


def test_a_manager_sees_what_runs_for_the_agency_and_nothing_of_it(plaza: Plaza) -> None:
    job = start(actor=plaza.stays, kind="visits.export", options={"month": "2026-11"})
    told = shown(plaza, "/desk/work/")
    assert "Asked for by" in told
    assert f"/desk/work/{job.pk}/" not in told
    assert plaza.desk().get(f"/desk/work/{job.pk}/").status_code == 404
