"""The suite's database: made and migrated by its owner, used as the application's own role."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from carenet.audit import actions
from carenet.audit.actions import AuditContext, Who, audit_context
from carenet.rest.clocks import WakeUp
from config.settings.environment import env
from tests.empty_tables import empty_tables
from tests.staff.operations import DEEDS, deeds_of, pages_asked

#: A test with a browser, a server or workers of its own takes as long as so many others.
WAITED_FOR, HEAVY = {"browser", "crew", "live_server"}, 20
LOGIN = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
# How long an example takes is the machine's affair.
hypothesis_settings.register_profile("carenet", deadline=None)
hypothesis_settings.load_profile("carenet")


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the database's owner meanwhile."""
    owner = env.db("DATABASE_OWNER_URL")
    role = {part: connection.settings_dict[part] for part in LOGIN}
    connection.close()
    connection.settings_dict.update({part: owner.get(part, role[part]) for part in LOGIN})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(role)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,  # noqa: ARG001 - ordering
    django_db_modify_db_settings: None,  # noqa: ARG001 - a database for each process
    django_db_keepdb: bool,  # --reuse-db
    django_db_createdb: bool,  # --create-db
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    keep = django_db_keepdb and not django_db_createdb
    with django_db_blocker.unblock():
        with as_owner():
            made = setup_databases(
                verbosity=0, interactive=False, keepdb=keep, serialized_aliases=[]
            )
            _let_flush(connection.settings_dict["NAME"])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: empty_tables())
            # Outside of requests and jobs tests are many people, one after the other.
            each = AuditContext(in_turn=True)
            patch.setattr(actions, "_current", ContextVar("tests", default=each))
            patch.setattr(WakeUp, "__call__", _by_the_service(WakeUp.__call__))
            patch.setattr(BaseCommand, "execute", _by_the_service(BaseCommand.execute))
            yield
        with as_owner():
            teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)


def _by_the_service(run: Callable[..., Any]) -> Callable[..., Any]:
    """Let a wake-up or a command act as its connection says where nobody stands in: as the service."""

    @wraps(run)
    def running(*args: Any, **kwargs: Any) -> Any:
        with audit_context(AuditContext(who=Who("system"))):
            return run(*args, **kwargs)

    return running


def _let_flush(name: str) -> None:
    """Tables are emptied between tests; outside the suite nobody may, and the trail is spared even here."""
    role = connection.ops.quote_name(env.db("DATABASE_URL")["USER"])
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT CONNECT ON DATABASE {connection.ops.quote_name(name)} TO {role}")
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"REVOKE TRUNCATE ON audit_entry, django_migrations FROM {role}")


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo whatever happens meanwhile."""
    undone = transaction.atomic()
    # As in Django's own `TestCase`: what demands to be the outermost block may stand in this one.
    undone._from_testcase = True  # type: ignore[attr-defined]
    with undone:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def for_one_file(
    django_db_setup: None,  # noqa: ARG001 - ordering
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The database, in one transaction for all tests of a file that make no rows of their own."""
    with django_db_blocker.unblock(), rolled_back():
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long files come first, and those in which a test commits last.

    A flush spares the trail, and others count in it. A long file at the end would keep one process busy
    while the others wait.
    """
    committing = {item.path for item in items if _commits(item)}
    weights: Counter[Path] = Counter()
    for item in items:
        weights[item.path] += HEAVY if WAITED_FOR & _fixtures(item) else 1
    items.sort(key=lambda item: (item.path in committing, -weights[item.path]))


def pytest_collection_finish() -> None:
    """What is there once all tests are collected stays: no garbage is looked for in it any more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A test that says which operation it does has done it over a page, and it stands in the trail."""
    marker = item.get_closest_marker("operation")
    if marker is None:
        return (yield)
    with pages_asked() as requests:
        done = yield
    missing = {name for name in marker.args if DEEDS[name] not in deeds_of(requests)}
    assert not missing, f"no page has written these into the trail: {sorted(missing)}"
    return done


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = {"live_server", "transactional_db"} & _fixtures(item)
    return bool(fixtures or (marker and marker.kwargs.get("transaction")))


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _installed_language() -> None:
    """The language of the last request of one test must not reach into the next."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Throttles and sign-in limits of one test must not reach into the next."""
    if "django_db_setup" in request.fixturenames:
        for cache in caches.all():
            cache.clear()
