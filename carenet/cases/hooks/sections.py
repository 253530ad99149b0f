"""To which section of the ward office a case or a consultation may belong: a suggestion, no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from carenet.agencies.actors import Actor
from carenet.agencies.models import WardSection
from carenet.agencies.registry import Suggestion
from carenet.agencies.states import SectionGround
from carenet.cases.models import Case, Consultation, Topic
from carenet.cases.policy import visible_to
from carenet.cases.selectors import own_entries
from carenet.core import clock
from carenet.residents.models import Resident
from carenet.residents.selectors import own_facts

#: Until this birthday a person is a child.
GROWN_UP = 18
#: What a topic suggests; where several sections may be meant, a person chooses.
_BY_TOPIC = {
    Topic.CARE: WardSection.OLDER_AND_DISABILITY,
    Topic.HEALTH: WardSection.OLDER_AND_DISABILITY,
    Topic.CHILDCARE: WardSection.CHILDREN,
    Topic.INCOME: WardSection.LIVELIHOOD,
    Topic.RENT_LOANS: WardSection.LIVELIHOOD,
    Topic.TAX_UTILITIES: WardSection.LIVELIHOOD,
    Topic.DEBT: WardSection.LIVELIHOOD,
    Topic.JOB_SEARCH: WardSection.LIVELIHOOD,
    Topic.WORK_TROUBLE: WardSection.LIVELIHOOD,
    Topic.HOUSING: WardSection.LIVELIHOOD,
    Topic.NO_FOOD: WardSection.LIVELIHOOD,
    Topic.COMMUNITY: WardSection.WELFARE,
}


def suggest_for_cases(cases: list[Case]) -> Mapping[Any, Suggestion]:
    """Return by key what each case suggests; of a restricted one nothing is told but its code."""
    today = clock.today()
    return {each.pk: _of_case(each, today) for each in cases}


def suggest_for_consultations(consultations: list[Consultation]) -> Mapping[Any, Suggestion]:
    """Return by key what each consultation suggests, named by when it came."""
    found = {}
    for each in consultations:
        code = f"{timezone.localtime(each.received_at):%Y-%m-%d %H:%M}"
        found[each.pk] = Suggestion(code, *_by_topic(each))
    return found


def tell_own_entries(actor: Actor, ids: list[Any]) -> Mapping[Any, str]:
    """Return by case how many entries of its record are for the actor's agency alone."""
    # Translators: what stays behind when a case goes to a section.
    told = ngettext_lazy(
        "%(number)s entry of the record for your agency alone",
        "%(number)s entries of the record for your agency alone",
        "number",
    )
    notes = own_entries(actor.agency_id).filter(case__in=_seen(actor, ids))
    return _counted(notes, "case", told)


def tell_own_facts(actor: Actor, ids: list[Any]) -> Mapping[Any, str]:
    """Return by case how many facts of its person are for the actor's agency alone."""
    told = ngettext_lazy(
        "%(number)s fact of the person for your agency alone",
        "%(number)s facts of the person for your agency alone",
        "number",
    )
    facts = own_facts(actor.agency_id).filter(resident__cases__in=_seen(actor, ids))
    return _counted(facts, "resident__cases", told)


def _seen(actor: Actor, ids: list[Any]) -> QuerySet[Case]:
    """Return those of the cases that the actor sees: of a restricted one nothing is told to others."""
    return visible_to(actor).filter(pk__in=ids)


def _counted(rows: QuerySet[Any], case: str, told: Any) -> Mapping[Any, str]:
    counts = rows.order_by().values_list(case).annotate(number=Count("pk"))
    return {pk: str(told % {"number": number}) for pk, number in counts}


def _of_case(case: Case, today: date) -> Suggestion:
    if case.restricted:
        return Suggestion(case.code, None, SectionGround.RESTRICTED)
    if is_child(case.resident, today):
        return Suggestion(case.code, WardSection.CHILDREN, SectionGround.AGE)
    return Suggestion(case.code, *_by_topic(case.consultation))


def _by_topic(consultation: Consultation | None) -> tuple[WardSection | None, SectionGround]:
    section = _BY_TOPIC.get(Topic(consultation.main_topic)) if consultation else None
    return section, SectionGround.TOPIC if section else SectionGround.NONE


def is_child(person: Resident, on: date) -> bool:
    """Whether a person is under 18 on a day; of somebody whose age nobody knows it is not said."""
    born = person.born_by
    if born is None:
        return False
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < GROWN_UP
