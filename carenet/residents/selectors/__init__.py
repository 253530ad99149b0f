"""Finding people and what hangs on them: always from the visible sets, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.residents import matching, policy
from carenet.residents.matching import Likeness, Traits, compare
from carenet.residents.models import (
    Certification,
    Consent,
    Contact,
    FactAudience,
    Household,
    HouseholdMember,
    Inquiry,
    InquiryBox,
    Resident,
    ResidentFact,
    ResidentMerge,
    ResidentVersion,
)
from carenet.residents.policy import (
    address_seen_by,
    concealed_from_matching,
    inquiries_visible_to,
    is_led_to_few,
    reached_by,
    visible_to,
)
from carenet.residents.registry import progress_kind
from carenet.spellings import place_of

#: An agency that is led to more people finds fifty of them soon in the whole register; where what is
#: searched for has an index, one that is led to many fewer does.
FEW, VERY_FEW = 10_000, 500
#: Trigrams find parts of a name from so many letters on.
FEWEST_LETTERS = 3
#: As many matches as are worth a person's eye, and as many candidates as are compared for them.
MOST_MATCHES, MOST_CANDIDATES = 10, 200


#: A search by telephone number needs as many.
FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody on the register, and how much speaks for being the one who is looked for."""

    resident: Resident
    likeness: Likeness

    @property
    def score(self) -> int:
        return self.likeness.score


def search(
    actor: Actor,
    *,
    name: str = "",
    birth: matching.Born | None = None,
    phone: str = "",
    address: str = "",
    insured_number: str = "",
    progress: Mapping[str, Iterable[str]] | None = None,
    facts: Mapping[str, Iterable[str]] | None = None,
) -> QuerySet[Resident]:
    """Return those visible to the actor of whom all that is given is true, however it is written.

    `name` is part of a name or of its kana; `progress` maps a kind that a room has registered
    ("case") to its codes ("open"), `facts` a kind of fact to its values. By an address that the
    actor may not see, nobody is found.
    """
    found = _seen_by(actor, name)
    if name:
        found = found.filter(
            Q(search__name__contains=matching.fold_name(name))
            | Q(search__kana_parts__contains=matching.fold_kana(name))
        )
    if birth:
        found = found.filter(born_then(birth))
    if phone:
        found = found.filter(search__phone__contains=matching.fold_phone(phone))
    if address:
        wanted = matching.fold_address(address)
        found = found.filter(address_seen_by(actor), search__address__contains=wanted)
    if insured_number:
        found = found.filter(search__insured_number=matching.fold_number(insured_number))
    for kind, codes in (progress or {}).items():
        found = found.filter(progress_kind(kind).condition(actor, codes))
    for kind, values in (facts or {}).items():
        found = found.filter(policy.holds_fact(actor, kind, values))
    # Whether the address may be shown, without a query for each.
    seen = ExpressionWrapper(address_seen_by(actor), output_field=BooleanField())
    return found.annotate(address_seen=seen)


def _seen_by(actor: Actor, name: str) -> QuerySet[Resident]:
    """Return the people visible to the actor; where they are few, found by what leads to them.

    Without that PostgreSQL walks through the register to find those of a small agency, if nothing else
    that is searched for has an index: a name of two letters has none. With it, it first gathers all
    those of the agency.
    """
    most = FEW if name and len(matching.fold_kana(name)) < FEWEST_LETTERS else VERY_FEW
    found = visible_to(actor)
    return found.filter(pk__in=reached_by(actor)) if is_led_to_few(actor, most) else found


def likely_matches(actor: Actor, traits: Traits) -> list[Match]:
    """Return the people visible to the actor who may be the one described, the likeliest first."""
    alike = _alike(visible_to(actor), traits, address_seen_by(actor))
    return [match for match in alike if match.likeness.is_listed][:MOST_MATCHES]


def matches_out_of_sight(actor: Actor, traits: Traits) -> list[Match]:
    """Return who is probably the one described and out of the actor's sight: to hint at, never shown.

    Protected people are never among them, nor those whom a room conceals.
    """
    seen = visible_to(actor).filter(_candidates(traits))
    others = _to_be_hinted_at(actor).exclude(pk__in=seen.values("pk"))
    alike = _alike(others.select_related("registered_by"), traits, Q(pk__in=[]))
    return [match for match in alike if match.score >= matching.LIKELY]


def crowd_around(
    actor: Actor, many: Sequence[Traits], *, of_agency: Agency
) -> tuple[matching.Crowd[Resident], matching.Crowd[Resident]]:
    """Return whom the actor sees, and who is out of sight, among those who may be any of `many`.

    Of the latter all whom `of_agency` has registered, for nobody is to be registered twice; to another
    agency nobody whom anything conceals. That somebody is probably there is said, they are never shown.
    """
    about = _about(many)
    seen = _crowd(visible_to(actor).filter(about), address_seen_by(actor))
    hidden = Resident.objects.filter(about, merged_into=None, registered_by=of_agency)
    if of_agency.pk != actor.agency_id:
        hidden = hidden.exclude(concealed_from_matching())
    mine = visible_to(actor).filter(about)
    return seen, _crowd(hidden.exclude(pk__in=mine.values("pk")), Q(pk__in=[]))


def _about(many: Sequence[Traits]) -> Q:
    condition = Q(birth_date__in={each.birth_date for each in many if each.birth_date})
    for key in ("name", "kana", "phone"):
        values = {getattr(each, key) for each in many} - {""}
        condition |= Q(**{f"search__{key}__in": values})
    return condition


def _crowd(people: QuerySet[Resident], address_seen: Q) -> matching.Crowd[Resident]:
    crowd: matching.Crowd[Resident] = matching.Crowd()
    shown = ExpressionWrapper(address_seen, output_field=BooleanField())
    for person in people.select_related("search").annotate(shown=shown):
        crowd.add(person, _known(person, with_address=person.shown))
    return crowd


def can_be_hinted_at(actor: Actor, resident: Resident) -> bool:
    """Whether another agency that still takes part keeps the record, and nothing conceals it."""
    return _to_be_hinted_at(actor).filter(pk=resident.pk).exists()


def traits_of(resident: Resident) -> Traits:
    """Return what a record has to compare, folded."""
    return Traits(
        name=matching.fold_name(resident.family_name + resident.given_name),
        kana=matching.fold_kana(resident.family_kana + resident.given_kana),
        birth_date=resident.birth_date,
        birth_year=resident.birth_year,
        phone=matching.fold_phone(resident.phone),
        address=matching.fold_address(resident.address),
        insured_number=matching.fold_number(resident.insured_number),
    )


def versions(resident: Resident) -> QuerySet[ResidentVersion]:
    """Return the history of a visible record."""
    return resident.versions.all()


def merges(resident: Resident) -> QuerySet[ResidentMerge]:
    """Return what was merged into a visible record, undone merges too."""
    return resident.merges.all()


def inquiries(actor: Actor, boxes: Iterable[InquiryBox] = ()) -> QuerySet[Inquiry]:
    """Return the inquiries that the actor's agency has sent and received; no boxes means both."""
    found = inquiries_visible_to(actor)
    sides = {InquiryBox.SENT: "asked_by", InquiryBox.RECEIVED: "asked_of"}
    wanted = Q()
    for box in boxes:
        wanted |= Q(**{sides[box]: actor.agency_id})
    return found.filter(wanted)


def stands_in_for(actor: Actor, resident_id: UUID | str) -> Resident | None:
    """Return the visible record that a merged one has become part of, None where there is none."""
    found = Resident.objects.filter(pk=resident_id, merged_into__isnull=False).first()
    while found and found.merged_into:
        found = found.merged_into
    return visible_to(actor).filter(pk=found.pk).first() if found else None


def records_of(resident: Resident) -> list[UUID]:
    """Return the record and all that have become part of it, under whose ids things were written."""
    found, latest = [resident.pk], [resident.pk]
    while latest:
        merged = Resident.objects.filter(merged_into__in=latest).exclude(pk__in=found)
        latest = list(merged.values_list("pk", flat=True))
        found += latest
    return found


def contacts(actor: Actor, of: Resident) -> QuerySet[Contact]:
    """Return the visible contacts of a person."""
    return policy.contacts_visible_to(actor, of)


def certifications(actor: Actor, of: Resident) -> QuerySet[Certification]:
    """Return the visible certifications of a person, with who recorded them."""
    return policy.certifications_visible_to(actor, of).select_related("recorded_by")


def consents(actor: Actor, of: Resident) -> QuerySet[Consent]:
    """Return the visible consents of a person, with who recorded and who withdrew them."""
    return policy.consents_visible_to(actor, of).select_related(
        "recorded_by", "recorded_by_person", "withdrawal__recorded_by"
    )


def facts(actor: Actor, of: Resident) -> QuerySet[ResidentFact]:
    """Return the visible facts of a person, all versions, with who recorded them."""
    related = ("recorded_by", "recorded_by_person", "replaced_by")
    seen = ResidentFact.objects.filter(policy.shown_facts(actor), pk=OuterRef("replaces"))
    found = policy.facts_visible_to(actor, of).annotate(replaces_seen=Exists(seen))
    return found.select_related(*related)


def fact_holds() -> Q:
    """Return the condition on facts "neither corrected nor ended"; it may have run out."""
    return Q(replaced_at=None, ended_on=None)


def own_facts(agency_id: UUID) -> QuerySet[ResidentFact]:
    """Return the facts that hold and that an agency has recorded for itself alone."""
    return ResidentFact.objects.filter(
        fact_holds(), audience=FactAudience.AGENCY, recorded_by=agency_id
    )


def members(actor: Actor, of: Resident | None = None) -> QuerySet[HouseholdMember]:
    """Return who lives where, or where this person lives, as far as it is visible, with the people."""
    return policy.memberships_visible_to(actor, of).select_related("resident")


def households(actor: Actor) -> QuerySet[Household]:
    """Return the households of which a member is visible, each with its visible members alone."""
    seen = members(actor).order_by("id")
    return Household.objects.filter(pk__in=seen.order_by().values("household")).prefetch_related(
        Prefetch("members", seen)
    )


def _to_be_hinted_at(actor: Actor) -> QuerySet[Resident]:
    others = Resident.objects.filter(merged_into=None, registered_by__active=True)
    return others.exclude(registered_by=actor.agency_id).exclude(concealed_from_matching())


def _alike(among: QuerySet[Resident], traits: Traits, address_seen: Q) -> list[Match]:
    """Compare the candidates, the likeliest first; an address counts only where it may be seen."""
    likeliest = among.filter(_candidates(traits)).annotate(shared=_shared(traits))
    rows = likeliest.select_related("search").order_by("-shared", "-id")
    people = list(rows[:MOST_CANDIDATES])
    ids = [person.pk for person in people]
    open_addresses: set[Any] = set()
    if traits.address:
        seen = Resident.objects.filter(address_seen, pk__in=ids)
        open_addresses = set(seen.values_list("pk", flat=True))
    alike = [
        Match(person, compare(traits, _known(person, with_address=person.pk in open_addresses)))
        for person in people
    ]
    return sorted(alike, key=lambda match: -match.score)


def _known(person: Resident, *, with_address: bool) -> Traits:
    keys = person.search
    return Traits(
        name=keys.name,
        kana=keys.kana,
        birth_date=person.birth_date,
        birth_year=person.birth_year,
        phone=keys.phone,
        address=keys.address if with_address else "",
        insured_number=keys.insured_number,
    )


def _candidates(traits: Traits) -> Q:
    """Return who is worth comparing: whoever shares what may bring them to the list.

    A similar name is looked for among those of the same day, year or place of birth or address alone.
    """
    condition = Q(pk__in=[])
    for key in ("name", "kana", "phone", "insured_number"):
        value = getattr(traits, key)
        if value:
            condition |= Q(**{f"search__{key}": value})
    if traits.birth_date:
        condition |= Q(birth_date=traits.birth_date)
    if place := place_of(traits.address):
        condition |= Q(search__place=place)
    year = traits.birth_date.year if traits.birth_date else traits.birth_year
    if year:
        condition |= _in_year(year) & _near(traits)
    return condition


def _shared(traits: Traits) -> Combinable:
    """Return how many strong keys somebody shares: the likeliest are compared before the limit."""
    shared: Combinable = Value(0)
    for key in ("name", "kana", "phone", "insured_number", "place"):
        value = place_of(traits.address) if key == "place" else getattr(traits, key)
        if value:
            shared += Case(When(**{f"search__{key}": value}, then=1), default=0)
    if traits.birth_date:
        shared += Case(When(birth_date=traits.birth_date, then=1), default=0)
    return shared


def _near(traits: Traits) -> Q:
    near = Q(pk__in=[])
    for key in ("name", "kana"):
        value = getattr(traits, key)
        if value:
            near |= Q(**{f"search__{key}__trigram_similar": value})
    return near


def born_then(birth: matching.Born) -> Q:
    """Return who may be born then: of whom the year alone is known, whoever has that year."""
    if birth.day is None:
        return _in_year(birth.year)
    return Q(birth_date=birth.day) | Q(birth_year=birth.year)


def _in_year(year: int) -> Q:
    return Q(birth_date__year=year) | Q(birth_year=year)
