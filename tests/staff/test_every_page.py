"""Every page has a declared outcome for every role, and is kept nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import get_resolver

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.staff.pages import base
from tests.access.addresses import pages
from tests.factories import a_member, an_agency
from tests.staff.browser import session_of
from tests.staff.permission_table import OBJECTS, PERSONAS, SENT_ON, THEIR_AGENCY, Line, lines

LINES = lines()
#: One place shows all refusals: each of so many lines has them written out, for all roles.
SHOWN = 10
REDIRECTS = {301, 302, 303}
SHELL = {"/pocket/offline/", "/pocket/worker.js"}


def test_every_page_is_declared_and_nothing_else() -> None:
    assert {line.route for line in lines()} == set(pages())


def test_a_name_leads_to_one_page() -> None:
    """A second page of the same name would be opened instead of the first, without a word."""
    by_name = get_resolver("carenet.staff.urls").reverse_dict
    names = [name for name in by_name if isinstance(name, str)]
    assert names
    assert {name: by_name.getlist(name) for name in names if len(by_name.getlist(name)) > 1} == {}


@pytest.fixture(scope="module")
def people(for_one_file: None) -> dict[Role, Actor]:  # noqa: ARG001 - ordering
    agency = an_agency(THEIR_AGENCY)
    return {role: a_member(agency, role) for role in PERSONAS if role}


@pytest.fixture(scope="module")
def sessions(people: dict[Role, Actor]) -> dict[Role, str]:
    return {role: session_of(person) for role, person in people.items()}


@pytest.fixture
def _bare_refusals(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if LINES.index(request.getfixturevalue("line")) % SHOWN:
        monkeypatch.setattr(base, "render", show_all_but_refusals)


def show_all_but_refusals(request: Any, template: str, *given: Any, **more: Any) -> HttpResponse:
    if template == "staff/error.html":
        return HttpResponse(status=more["status"])
    return render(request, template, *given, **more)


@pytest.mark.django_db
@pytest.mark.usefixtures("_bare_refusals")
@pytest.mark.parametrize("line", LINES, ids=str)
def test_the_outcome_is_as_declared(
    line: Line, people: dict[Role, Actor], sessions: dict[Role, str]
) -> None:
    path = re.sub(r"<\w+:\w+>", str(OBJECTS[line.target](people)), line.route)
    for column, role in enumerate(PERSONAS):
        client = Client()
        if role is not None:
            client.cookies["sessionid"] = sessions[role]
        answer = client.generic(line.method, path)
        expected = line.expected(column)
        declared = REDIRECTS if expected == SENT_ON else {expected}
        assert answer.status_code in declared, role
        # The shell of the pocket is nobody's.
        assert ("no-store" in answer["Cache-Control"]) != (line.route in SHELL)
