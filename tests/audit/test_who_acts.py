"""The trail takes rows by whoever the unit of work says acts, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg.errors import InsufficientPrivilege

from carenet.agencies.actors import Actor, system_actor
from carenet.audit import actions
from carenet.audit.actions import (
    AuditContext,
    Entry,
    Who,
    acting_as,
    audit_context,
    declare,
    log_read,
    log_write,
    log_writes,
    write_log,
)
from carenet.cases.models import Case
from tests.audit.trails import Trail
from tests.factories import api
from tests.staff.browser import session_of

pytestmark = pytest.mark.django_db
ONE, OTHER = uuid4(), uuid4()
SOMEBODY = Who("user", str(ONE), ONE)


@pytest.fixture(autouse=True)
def _as_in_production(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Nothing stands in for a unit of work that has not said who acts, once there is a case."""
    monkeypatch.setattr(actions, "_current", ContextVar("production", default=None))
    with connection.cursor() as cursor:  # what a new connection says of itself
        cursor.execute("RESET carenet.acting")


@pytest.fixture
def unit() -> Iterator[AuditContext]:
    """A request or a job, in which somebody acts."""
    with audit_context(AuditContext()) as trail:
        declare(SOMEBODY)
        yield trail


def write(who: Who) -> None:
    with transaction.atomic():
        log_write(who, "case.open", "case", uuid4())


def refused(who: Who) -> bool:
    with pytest.raises(ProgrammingError) as error:
        write(who)
    return isinstance(error.value.__cause__, InsufficientPrivilege)


@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize(
    "who",
    [
        Who("user", str(OTHER), ONE),
        Who("user", str(ONE), OTHER),
        Who("user", str(ONE)),
        Who("client", str(ONE), ONE),
        Who("system", "", ONE),
        Who(),
    ],
)
def test_while_somebody_acts_no_row_of_anybody_else_is_taken(who: Who) -> None:
    write(SOMEBODY)
    assert refused(who)


@pytest.mark.parametrize("who", [SOMEBODY, Who("user", str(ONE)), Who("client", "clinic", ONE)])
def test_where_nobody_is_said_to_act_nobody_is_named(who: Who) -> None:
    assert refused(who)


@pytest.mark.parametrize("who", [Who("system"), Who("system", "", ONE), Who()])
def test_where_nobody_is_said_to_act_it_is_the_service_itself(who: Who) -> None:
    write(who)


@pytest.mark.usefixtures("unit")
def test_somebody_else_acts_for_a_while_where_that_is_said() -> None:
    other = Who("user", str(ONE), OTHER)
    with acting_as(other):
        write(other)
        assert refused(SOMEBODY)
    write(SOMEBODY)


@pytest.mark.usefixtures("unit")
def test_what_was_said_in_a_savepoint_is_said_again_once_that_was_rolled_back() -> None:
    other = Who("user", str(ONE), OTHER)
    with acting_as(other):
        with transaction.atomic():
            write(other)
            transaction.set_rollback(True)
        write(other)


def test_a_denial_is_written_by_who_was_refused_though_all_else_was_rolled_back(
    unit: AuditContext, trail: Trail
) -> None:
    with transaction.atomic():
        declare(Who("user", str(OTHER)))
        transaction.set_rollback(True)
    actions.log_denial("role_missing")
    write_log(unit, failed=True)
    assert trail.denial().actor_id == str(OTHER)


def test_the_release_before_is_not_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('carenet.acting', '', true)")
    write(SOMEBODY)


def test_a_connection_says_that_the_service_acts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW carenet.acting")
        assert cursor.fetchone() == ("system::",)


def test_a_wake_up_that_names_a_person_is_refused(staff: Actor) -> None:
    write(system_actor(staff.agency).who)
    assert refused(staff.who)


def said_in(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return sum("carenet.acting" in each["sql"] for each in asked)


@pytest.mark.parametrize("address", ["/api/v1/cases/{case}/", "/desk/cases/{case}/"])
def test_a_request_says_once_who_acts(staff: Actor, case: Case, address: str) -> None:
    client = api(staff)
    client.cookies["sessionid"] = session_of(staff)
    path = address.format(case=case.pk)
    assert said_in(lambda: client.get(path)) == 1


def test_so_does_one_that_writes_much(staff: Actor, case: Case) -> None:
    client, path = api(staff), f"/api/v1/cases/{case.pk}/plan/"
    assert said_in(lambda: client.post(path, {})) == 1


def test_of_many_rows_that_are_written_at_once_each_is_looked_at(unit: AuditContext) -> None:
    each = actions.Entry(SOMEBODY, "case.open", "case", [uuid4()])
    stray = actions.Entry(Who("user", str(OTHER), ONE), "case.open", "case", [uuid4()])
    with pytest.raises(ProgrammingError), transaction.atomic():
        actions.log_writes([each] * 5 + [stray])
    assert unit.written == 0


def test_reads_of_a_unit_cost_no_word_of_their_own(unit: AuditContext) -> None:
    log_read("case", UUID(int=1))
    assert said_in(lambda: write_log(unit, failed=False)) == 0


def test_after_somebody_has_acted_for_a_while_it_is_the_service_again() -> None:
    with acting_as(SOMEBODY):
        write(SOMEBODY)

    write(Who("system"))
    assert refused(SOMEBODY)


def test_where_many_act_in_turn_one_statement_may_name_two_of_them() -> None:
    two = [
        Entry(Who("user", str(each), each), "case.open", "case", [uuid4()]) for each in (ONE, OTHER)
    ]
    with audit_context(AuditContext(in_turn=True)), transaction.atomic():
        log_writes(two)


def test_who_acts_is_said_again_after_a_savepoint_that_was_rolled_back_by_hand() -> None:
    with audit_context(AuditContext()), transaction.atomic():
        before = transaction.savepoint()
        declare(SOMEBODY)
        transaction.savepoint_rollback(before)

        write(SOMEBODY)


def test_who_acts_is_said_again_after_somebody_else_has_acted_in_a_unit_within(
    unit: AuditContext,  # noqa: ARG001 - somebody acts
) -> None:
    with audit_context(AuditContext()):
        declare(Who("user", str(OTHER), OTHER))
        write(Who("user", str(OTHER), OTHER))

    write(SOMEBODY)


@pytest.mark.django_db(transaction=True)
def test_who_acts_is_said_again_in_the_next_transaction_of_a_unit() -> None:
    with audit_context(AuditContext()):
        for said in (True, False):
            with transaction.atomic():
                if said:
                    declare(SOMEBODY)
                write(SOMEBODY)
                transaction.set_rollback(True)  # nobody else counts these rows
