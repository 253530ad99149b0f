"""A list rule that is built once says what the rule itself says, and takes in nothing else of an actor."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, OuterRef, Q

from carenet.access.compiled_rules import CompiledRule
from carenet.agencies.actors import Actor
from carenet.agencies.models import ApiClient
from carenet.agencies.roles import Role
from carenet.cases import policy
from carenet.cases.models import Case, CaseMember, CaseShare
from carenet.core import clock
from carenet.core.models import not_ended
from carenet.residents.models import Resident
from tests.factories import a_case, a_member, a_user, an_agency

pytestmark = pytest.mark.django_db


def led_by(actor: Actor) -> Q:
    return Q(lead_agency=actor.agency_id)


def test_each_actor_gets_their_own_values() -> None:
    rule = CompiledRule(Case, led_by)
    for actor in (a_member(an_agency()), a_member(an_agency())):
        case = a_case(actor)
        assert list(Case.objects.filter(rule(actor))) == [case]


def test_the_rule_itself_is_asked_with_two_sets_of_marks_for_a_kind_of_actor() -> None:
    asked = []

    def rule(actor: Actor) -> Q:
        asked.append(actor)
        return led_by(actor)

    compiled, agency = CompiledRule(Case, rule), an_agency()
    for roles in ((Role.STAFF,), (Role.STAFF,), (Role.MANAGER,)):
        compiled(a_member(agency, *roles))
    assert len(asked) == 4


def test_wards_are_kept_apart() -> None:
    rule = CompiledRule(Case, lambda actor: Q(number=1) & Q(summary=actor.agency.municipality_code))
    case = a_case(a_member(an_agency()), summary="141097")
    Case.objects.filter(pk=case.pk).update(number=1)
    here, there = an_agency(), an_agency(municipality_code="141020")
    assert Case.objects.filter(rule(a_member(here))).exists()
    assert not Case.objects.filter(rule(a_member(there))).exists()


def test_the_moment_is_that_of_the_question() -> None:
    actor, case = a_member(an_agency()), a_case(a_member(an_agency()))
    end = clock.now() + timedelta(hours=1)
    rule = CompiledRule(Case, lambda _actor: not_ended(clock.now(), "opened_at"))
    Case.objects.filter(pk=case.pk).update(opened_at=end)
    assert Case.objects.filter(rule(actor)).exists()
    with clock.at(end):
        assert not Case.objects.filter(rule(actor)).exists()


def test_it_stands_in_an_inner_query_and_beside_itself() -> None:
    actor, other = a_member(an_agency()), a_member(an_agency())
    case = a_case(actor)
    seen = policy.visible_to(actor).filter(resident=OuterRef("pk"))
    unseen = policy.visible_to(other).filter(resident=OuterRef("pk"))
    people = Resident.objects.filter(Exists(seen), ~Exists(unseen))
    assert list(people) == [case.resident]
    assert list(Resident.objects.filter(Exists(seen) & Exists(unseen))) == []
    assert list(policy.visible_to(actor).exclude(pk__in=policy.visible_to(other))) == [case]
    assert list(Resident.objects.filter(cases__in=policy.visible_to(actor))) == [case.resident]


def test_a_rule_inside_another_of_the_same_table_keeps_its_own_names() -> None:
    named = a_case(a_member(an_agency()))
    CaseMember.objects.create(case=named, user=a_user())
    unnamed = a_case(a_member(an_agency()))
    inner = CompiledRule(
        Case, lambda _actor: ~Q(Exists(CaseMember.objects.filter(case=OuterRef("pk"))))
    )
    outer = CompiledRule(
        Case, lambda actor: Q(Exists(Case.objects.filter(inner(actor), pk=OuterRef("pk"))))
    )
    assert list(Case.objects.filter(outer(a_member(an_agency())))) == [unnamed]


def test_whoever_sees_nothing_sees_nothing() -> None:
    a_case(a_member(an_agency()))
    rule = CompiledRule(Case, lambda _actor: Q(pk__in=[]))
    assert not Case.objects.filter(rule(a_member(an_agency()))).exists()


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(lambda _actor: Q(lead_agency=uuid4()), id="rests on an id of its own"),
        pytest.param(
            lambda _actor: Q(opened_at__gt=clock.midnight(clock.today())), id="rests on a day"
        ),
        pytest.param(lambda _actor: Q(resident__merged_into=None), id="joins a table"),
        pytest.param(lambda _actor: Q(), id="hides nothing"),
        pytest.param(lambda actor: ~Q(summary=str(actor.agency_id)), id="an id as text"),
        pytest.param(lambda actor: ~Q(summary=actor.claimed_person), id="whom a client names"),
        pytest.param(
            lambda _actor: Q(number__gt=0 if clock.now().year < 2000 else 1),
            id="a branch on the moment",
        ),
        pytest.param(lambda actor: Q(person_in_charge=actor.user_id), id="may be NULL"),
        pytest.param(
            lambda _actor: Q(pk__in=list(CaseShare.objects.values_list("pk", flat=True))),
            id="asks the database",
        ),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(rule: object) -> None:
    compiled = CompiledRule(Case, rule)  # type: ignore[arg-type]
    with pytest.raises(ImproperlyConfigured):
        compiled(a_member(an_agency()))


def test_a_rule_reads_nothing_else_of_the_agency() -> None:
    compiled = CompiledRule(Case, lambda actor: Q(summary=actor.agency.name))
    with pytest.raises(AttributeError):
        compiled(a_member(an_agency()))


def test_a_rule_reads_nothing_of_the_client() -> None:
    compiled, agency = CompiledRule(Case, lambda actor: ~Q(summary=actor.client_id)), an_agency()
    client = ApiClient(agency=agency)
    with pytest.raises(AttributeError):
        compiled(Actor(agency=agency, roles=frozenset({Role.INTEGRATION}), client=client))
