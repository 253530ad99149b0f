"""The trail goes out as a sheet, as far as its auditor reads it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone, translation

from carenet.agencies.actors import Actor
from carenet.agencies.models import AgencyKind
from carenet.agencies.roles import Role
from carenet.audit.models import AuditEntry
from carenet.core.errors import Forbidden, Invalid
from carenet.jobs import policy as jobs_policy
from carenet.jobs import registry
from carenet.jobs.actions import content_of, release, run_one_batch, start
from carenet.oversight import hooks
from tests.factories import a_case, a_member, an_agency

pytestmark = pytest.mark.django_db
#: More than there are rows in any trail here.
MANY_STEPS = 300


def today() -> dict[str, str]:
    day = f"{timezone.localdate():%Y-%m-%d}"
    return {"since": day, "until": day, "asked_at": timezone.now().isoformat()}


def to_the_end() -> None:
    for _step in range(MANY_STEPS):
        if not run_one_batch(now=timezone.now()):
            return
    pytest.fail("The export runs after its own marks.")


def the_trail_of_today(actor: Actor, **changes: Any) -> list[str]:
    job = start(actor=actor, kind="trail.export", options=today() | changes)
    release(actor=a_member(actor.agency, Role.MANAGER), job_id=job.pk)
    to_the_end()
    job.refresh_from_db()
    return content_of(job).decode().splitlines()


def test_an_auditor_gets_their_own_agencys_and_the_ward_offices_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "ROWS_AT_ONCE", 1)
    agency = an_agency()
    case = a_case(a_member(agency))
    own = the_trail_of_today(a_member(agency, Role.AUDITOR))
    other = the_trail_of_today(a_member(an_agency(), Role.AUDITOR))
    ward = the_trail_of_today(a_member(an_agency(AgencyKind.WARD_OFFICE), Role.AUDITOR))
    assert [str(case.pk) in "".join(sheet) for sheet in (own, other, ward)] == [True, False, True]
    ids = [line.split(",")[1] for line in own[1:]]
    assert len(ids) == len(set(ids)) > 1


def test_it_leaves_its_own_marks_but_does_not_run_after_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "ROWS_AT_ONCE", 1)  # later steps could meet marks of earlier ones
    auditor = a_member(an_agency(), Role.AUDITOR)
    a_case(a_member(auditor.agency))
    sheet = the_trail_of_today(auditor)
    assert "job trail.export" not in "".join(sheet)
    assert AuditEntry.objects.filter(
        action="job trail.export", object_kind="audit_entry", agency_id=auditor.agency_id
    ).exists()


def test_nobody_else_gets_it() -> None:
    with pytest.raises(Forbidden):
        the_trail_of_today(a_member(an_agency(), Role.MANAGER))


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = a_member(an_agency(), Role.AUDITOR)
    a_case(a_member(auditor.agency))
    monkeypatch.setattr(hooks, "MOST_ROWS", 1)
    with translation.override("en"), pytest.raises(Invalid) as refused:
        the_trail_of_today(auditor)
    assert "more than 1 rows. Choose fewer days." in str(refused.value.fields["until"])
    number = hooks.TrailExport().rows(auditor, today()).count()
    monkeypatch.setattr(hooks, "MOST_ROWS", number)
    assert len(the_trail_of_today(auditor)) == 1 + number


def test_who_is_no_auditor_of_all_any_more_does_not_download_it() -> None:
    agency = an_agency(AgencyKind.WARD_OFFICE)
    auditor = a_member(agency, Role.AUDITOR)
    a_case(a_member(an_agency()))
    job = start(actor=auditor, kind="trail.export", options=today())
    release(actor=a_member(agency, Role.MANAGER), job_id=job.pk)
    to_the_end()
    job.refresh_from_db()
    assert jobs_policy.can_take(auditor, job)
    agency.kind = AgencyKind.CARE_PLAZA
    assert not jobs_policy.can_take(auditor, job)


@pytest.mark.parametrize("changes", [{"since": "x"}, {"since": "2199-01-01"}, {"until": None}])
def test_days_that_say_nothing_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        the_trail_of_today(a_member(an_agency(), Role.AUDITOR), **changes)
