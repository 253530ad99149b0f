"""A query that is put together once finds what it finds anew, for everybody, alone and beside others."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model, Prefetch, QuerySet, Value
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from carenet.access.actor_queries import ActorQuery, Rows, ask_together
from carenet.agencies.actors import Actor
from carenet.cases import policy as cases
from carenet.cases.models import Case
from carenet.cases.selectors import seen_case
from carenet.core import clock
from carenet.core.errors import NotFound
from carenet.residents import policy as residents
from carenet.residents.selectors.details import seen_person
from carenet.staff.pages.case_strands import START
from tests.access.combinations import ACTORS, World, a_world
from tests.access.records import add_records, people_with_records
from tests.factories import a_case, a_member, an_agency

#: Of each kind of row, as many as are asked about.
SOME = 2
#: Which page of a timeline: all that lies behind its start.
ALL_OF_IT = dict(zip(("moment", "key"), START, strict=True)) | {"show": "", "needle": ""}


@pytest.fixture(scope="module")
def world(for_one_file: None) -> World:  # noqa: ARG001 - ordering
    found = a_world()
    add_records(found)
    return found


@pytest.fixture(params=ACTORS)
def actor(request: pytest.FixtureRequest, world: World) -> Actor:
    return world.actors[request.param]


def led(actor: Actor, *, case: UUID) -> QuerySet[Case]:
    found = Case.objects.filter(lead_agency=actor.agency_id, pk=case)
    return found.select_related("resident", "lead_agency")


@cache
def every_query() -> list[ActorQuery[Any]]:
    """Return those that the project has: all pages are loaded first.

    Of all tests there are millions of objects to look through: that is done once.
    """
    assert get_resolver().url_patterns
    gc.unfreeze()  # of what is frozen nothing is told
    # Asking something lazy for its class would wake it.
    found = [each for each in gc.get_objects() if type(each) is ActorQuery]
    gc.freeze()
    return [each for each in found if each.build.__module__.startswith("carenet.")]


def questions(world: World, query: ActorQuery[Any]) -> Iterator[dict[str, Any]]:
    """Yield ids to ask about: of cases of several kinds, and of what belongs to each of them."""
    with_records = {each.pk for each in people_with_records(world)}
    step = max(len(world.cases) // SOME, 1)
    about = [each for each in world.cases if each.resident_id in with_records][:SOME]
    referrals = cycle(world.referrals)
    for case in [*about, *islice(world.cases, 0, None, step)]:
        known = {
            "referral": next(referrals).pk,
            "case": case.pk,
            "resident": case.resident_id,
            "consultation": case.consultation_id or case.pk,
            "ids": [each.pk for each in (*world.cases[:20], *world.referrals[:20])],
            **ALL_OF_IT,
        }
        known = query.examples | known
        yield {name: known[name] for name in (*query.ids, *query.examples)}


def told(rows: Rows[Any] | QuerySet[Any], *, ordered: bool = True) -> list[Any]:
    """Return the rows with all that was read of them and of what hangs on them."""
    found = [_told(each) for each in rows]
    return found if ordered else sorted(found, key=repr)


def _told(row: Any) -> Any:
    if isinstance(row, dict):
        return tuple(row.values())
    if not isinstance(row, Model):
        return row if isinstance(row, tuple) else (row,)
    own = {name: value for name, value in row.__dict__.items() if name != "_state"}
    return own, {name: _told(each) for name, each in row._state.fields_cache.items() if each}


def test_each_query_finds_what_it_finds_anew(world: World, actor: Actor) -> None:
    begin = list(world.actors.values()).index(actor)
    with clock.at(clock.now()):
        for number, query in enumerate(every_query(), begin):
            # Its text is the same whatever the ids: half of them do, other ones with each actor.
            for given in islice(questions(world, query), number % 2, None, 2):
                anew = query.build(actor, **given)
                ordered = anew.ordered
                found = told(query(actor, **given), ordered=ordered)
                assert found == told(anew, ordered=ordered)


def test_asked_together_each_finds_what_it_finds_alone(world: World, actor: Actor) -> None:
    queries = every_query()
    with clock.at(clock.now()):
        for number in range(SOME):
            asked = [
                query(actor, **next(islice(questions(world, query), number, None)))
                for query in queries
            ]
            with CaptureQueriesContext(connection) as sent:
                ask_together(*asked)
            assert len(sent) <= 1
            for each in asked:
                alone = each.query(actor, **each.given)
                assert told(each, ordered=False) == told(alone, ordered=False)


def test_what_was_read_with_a_case_is_what_the_rules_say(world: World, actor: Actor) -> None:
    reads = replace(actor, answers={})
    for case in world.cases[::29]:
        try:
            seen: Any = seen_case(reads, case.pk)
        except NotFound:
            assert not cases.can_view(actor, case)
            continue
        assert cases.can_view(actor, case)
        assert cases.can_take_part(reads, seen) == cases.can_take_part(actor, case)
        assert seen.in_full == bool(residents.can_view(actor, case.resident))


def test_what_was_read_with_a_person_is_what_the_rules_say(world: World, actor: Actor) -> None:
    reads = replace(actor, answers={})
    for person in [*world.residents[::37], *people_with_records(world)]:
        found = seen_person(reads, person.pk)
        assert bool(found) == bool(residents.can_view(actor, person))
        for rule in (residents.can_view_details, residents.can_see_address):
            assert not found or rule(reads, found) == rule(actor, person)


def test_what_was_read_with_a_case_is_asked_again_where_anything_can_be_written(
    db: None,  # noqa: ARG001
) -> None:
    lead = a_member(an_agency())
    case = seen_case(lead, a_case(lead).pk)
    Case.objects.filter(pk=case.pk).update(confidentiality="restricted")
    case.refresh_from_db()
    assert not cases.can_view(lead, case)


@pytest.mark.django_db
class TestWhatCannotBeKept:
    @pytest.mark.parametrize(
        "build",
        [
            pytest.param(
                lambda _actor, *, case: Case.objects.filter(pk=case, consultation=uuid4()),
                id="rests on an id of its own",
            ),
            pytest.param(
                lambda _actor, *, case: Case.objects.filter(
                    pk=case, opened_at__gt=clock.midnight(clock.today())
                ),
                id="rests on a moment of its own",
            ),
            pytest.param(
                lambda actor, *, case: Case.objects.filter(pk=case, summary=str(actor.agency_id)),
                id="an id as text",
            ),
            pytest.param(
                lambda _actor, *, case: Case.objects.filter(
                    pk=case, lead_agency__in=[each.pk for each in Case.objects.filter(pk=case)]
                ),
                id="asks the database",
            ),
            pytest.param(
                lambda _actor, *, case: Case.objects.filter(pk=case).prefetch_related(
                    Prefetch("plans")
                ),
                id="fetches by further queries",
            ),
            pytest.param(lambda _actor, **_case: Case.objects.all(), id="leaves an id out"),
        ],
    )
    def test_it_is_refused(self, build: Any) -> None:
        query = ActorQuery(build, "case")
        with pytest.raises(ImproperlyConfigured):
            list(query(a_member(an_agency()), case=uuid4()))

    def test_so_is_a_column_that_json_does_not_keep(self) -> None:
        span = clock.now() - clock.now()
        query = ActorQuery(
            lambda _actor, *, case: Case.objects.filter(pk=case).values_list(Value(span)), "case"
        )
        rows = query(a_member(an_agency()), case=a_case(a_member(an_agency())).pk)
        with pytest.raises(ImproperlyConfigured, match="DurationField"):
            ask_together(rows)


@pytest.mark.django_db
def test_each_actor_gets_their_own_values() -> None:
    query = ActorQuery(led, "case")
    for actor in (a_member(an_agency()), a_member(an_agency())):
        case = a_case(actor)
        assert list(query(actor, case=case.pk)) == [case]
        assert list(query(a_member(an_agency()), case=case.pk)) == []


@pytest.mark.django_db
def test_the_query_is_put_together_for_each_kind_of_actor_alone() -> None:
    built = []

    def build(actor: Actor, *, case: UUID) -> QuerySet[Case]:
        built.append(actor)
        return led(actor, case=case)

    query, agency = ActorQuery(build, "case"), an_agency()
    for _ in range(2):
        list(query(a_member(agency), case=uuid4()))
    assert len(built) == 2  # with two sets of marks


@pytest.mark.django_db
def test_rows_are_asked_for_once_and_as_many_as_are_wanted() -> None:
    query = ActorQuery(
        lambda actor, *, agency: (
            Case.objects.filter(lead_agency=agency, pk__isnull=False)
            .filter(lead_agency=actor.agency_id)
            .order_by("-pk")
        ),
        "agency",
    )
    lead = a_member(an_agency())
    made = [a_case(lead).pk for _ in range(3)]
    with CaptureQueriesContext(connection) as sent:
        rows = query(lead, agency=lead.agency_id).up_to(2)
        assert [each.pk for each in rows] == made[:0:-1]
        assert len(list(rows)) == 2
    assert len(sent) == 1
    assert rows.count() == 3


@pytest.mark.django_db
def test_none_are_asked_for_where_a_rule_denies_them() -> None:
    lead = a_member(an_agency())
    rows = ActorQuery(led, "case")(lead, case=a_case(lead).pk)
    denied = rows.only_if(lead.may("audit.view"))
    with CaptureQueriesContext(connection) as sent:
        ask_together(denied)
        for none in (denied, denied.up_to(1), denied.only_if(lead.may("cases.view"))):
            assert list(none) == []
            assert none.count() == 0
    assert not sent.captured_queries
    assert rows.count() == 1
