"""People: found when the telephone rings, and one person with what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.access.actor_queries import Rows, ask_together
from carenet.agencies.actors import Actor
from carenet.areas.selectors import areas_at
from carenet.audit.actions import log_read
from carenet.cases import selectors as cases
from carenet.cases.states import OPEN, ConsultationStatus
from carenet.core import clock
from carenet.core.errors import NotFound
from carenet.referrals import selectors as referrals
from carenet.residents import policy, selectors
from carenet.residents.matching import fold_name, fold_phone
from carenet.residents.models import HouseholdMember, Resident
from carenet.residents.selectors import FEWEST_DIGITS, details
from carenet.residents.selectors.details import Details
from carenet.staff.pages import autosave
from carenet.staff.pages.base import Elsewhere, FormPage, StaffView
from carenet.staff.pages.codes import address_of_code, is_code
from carenet.staff.pages.form_fields import TypedBirth
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.person.base import done_words
from carenet.staff.pages.person.consents import told_consents
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.search import LONGEST, MOST, Searching, searchable
from carenet.watchover import selectors as watchover

#: As many of each kind as a page tells.
LATEST = 10
#: What hangs on a person, as the trail names it.
KINDS = {
    "cases": "case",
    "consultations": "consultation",
    "referrals": "referral",
    "watches": "watchassignment",
    "contacts": "contact",
    "certifications": "certification",
    "facts": "residentfact",
}


#: Of these the page tells the latest.
CUT = ("consultations", "referrals", "watches")


class Search(forms.Form):
    """What the caller says of the person: one of it is enough, all of it must be true."""

    q = forms.CharField(
        label=gettext_lazy("Name or kana of the person"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=gettext_lazy("Part of it: four digits or more."),
    )
    birth = TypedBirth(label=gettext_lazy("Date of birth"), required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["q"] = searchable(given.get("q") or "")
        short = 0 < len(fold_phone(given.get("phone") or "")) < FEWEST_DIGITS
        if short:
            self.add_error("phone", _("Give four digits or more."))
        elif not self.errors and not (
            fold_name(given["q"]) or fold_phone(given.get("phone") or "") or given.get("birth")
        ):
            self.add_error(
                None, _("Say something about the person: there is no list of all people.")
            )
        return given


class Found:
    """Somebody who was found, with what is open about them, as far as the actor may see it."""

    def __init__(self, person: Resident) -> None:
        self.person = person
        self.cases: list[Any] = []
        self.consultations: list[Any] = []


class PeopleView(Searching, FormPage):
    """Find a person, or what has a code: nothing that is typed stands in an address.

    A code leads to its page; while one types it, the way there is shown.
    """

    abilities = {"get": "residents.view", "post": "residents.view"}
    form_class = Search
    template = "staff/people/search.html"

    def context(self) -> dict[str, Any]:
        return {"done": done_words(self.request)}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        self.slow_down(request)
        typed, part = request.POST.get("q", ""), bool(getattr(request, "htmx", False))
        page = address_of_code(self.actor, typed)
        if page and not part:
            return redirect_to(request, page)
        form = Search(request.POST)
        if is_code(typed) and not page:
            form.add_error("q", _("Nothing that you may see has this number. Compare it."))
        found, cut = _found(self.actor, form.cleaned_data) if form.is_valid() else (None, False)
        template = "staff/people/results.html" if part else self.template
        context = {
            "form": form,
            "page": page,
            "found": found,
            "searched": found is not None,
            "cut": cut,
        }
        return self.show(template, context)


def _found(actor: Actor, given: dict[str, Any]) -> tuple[list[Found], bool]:
    """Return whom the register finds among those visible, and whether there are more."""
    people = selectors.search(actor, name=given["q"], birth=given["birth"], phone=given["phone"])
    ordered = people.order_by("family_kana", "given_kana", "id")
    read = list(ordered[: MOST + 1])
    found = {each.pk: Found(each) for each in read[:MOST]}
    for case in cases.cases(actor).filter(resident__in=found, status__in=sorted(OPEN)):
        log_read("case", case.pk)
        found[case.resident_id].cases.append(case)
    waiting = cases.consultations(actor).filter(
        subject__in=found, status=ConsultationStatus.RECEIVED
    )
    for each in waiting:
        if each.subject_id:
            log_read("consultation", each.pk)
            found[each.subject_id].consultations.append(each)
    for pk in found:
        log_read("resident", pk)
    return list(found.values()), len(read) > MOST


class PersonPage(StaffView):
    """One person: what the register says, what hangs on them, what is done for them."""

    abilities = {"get": "residents.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        person = person_of(self.actor, id)
        context = person_context(self.actor, person, Lists(request))
        note_shown(context)
        context["done"] = done_words(request)
        return self.show("staff/people/page.html", context)


def person_of(actor: Actor, person_id: UUID) -> Resident:
    """Return a visible person; of a record that was merged, leads to the one in its place."""
    found = details.seen_person(actor, person_id)
    if found:
        return found
    successor = selectors.stands_in_for(actor, person_id)
    if successor is None:
        raise NotFound
    raise Elsewhere(reverse("staff-resident", args=[successor.pk]))


def person_context(actor: Actor, person: Resident, lists: Lists) -> dict[str, Any]:
    """Return what the page of a visible person shows; whoever shows it all calls `note_shown`."""
    address = policy.can_see_address(actor, person)
    seen = policy.can_view_details(actor, person)
    kept: bool = person.kept  # type: ignore[attr-defined]  # annotated
    of = {"resident": person.pk}
    rows: dict[str, Rows[Any]] = {
        "cases": cases.of_resident(actor, **of),
        "consultations": lists.rows(cases.calls_about(actor, **of), LATEST),
        "referrals": lists.rows(referrals.lines_of_resident(actor, **of), LATEST),
        "watches": lists.rows(watchover.of_resident(actor, **of), LATEST),
    }
    hanging = Hanging(actor, person, lists)
    ask_together(*rows.values(), *hanging.rows)
    return {
        "person": person,
        "address_shown": address,
        "areas": _areas(actor, person) if address else [],
        "details": seen,
        "denials": [each for each in (address, seen) if not each],
        "kept": seen and kept,
        "edits": seen and kept and not person.is_ended and actor.may("residents.edit"),
        "cases": list(rows["cases"]),
        **{name: lists.first(name, rows[name], LATEST) for name in CUT},
        **(hanging.context() if seen else {}),
        "cuts": lists.cuts,
    }


def note_shown(context: dict[str, Any]) -> None:
    """Note for the trail all that `person_context` tells."""
    log_read("resident", context["person"].pk)
    for name, kind in KINDS.items():
        for each in context.get(name, ()):
            log_read(kind, each.pk)
    for each in context.get("consents", ()):
        log_read("consent", each["consent"].pk)
    note_household(context)


def note_household(context: dict[str, Any]) -> None:
    """Note for the trail who is shown to live with a person."""
    for each in context.get("household", ()):
        log_read("household", each.household_id)
        log_read("resident", each.resident_id)


def _areas(actor: Actor, person: Resident) -> list[Any]:
    if not person.address:
        return []
    return areas_at(person.address, clock.today(), actor.agency.municipality_code)


class Hanging:
    """What hangs on a person, for those who work with them."""

    def __init__(self, actor: Actor, person: Resident, lists: Lists) -> None:
        self.actor, self.person, self.lists = actor, person, lists
        self.found = Details(actor, person)
        self.certifications = lists.rows(self.found.certifications, LATEST)
        self.consents = lists.rows(self.found.consents, LATEST)

    @property
    def rows(self) -> tuple[Rows[Any], ...]:
        """What `ask_together` asks for."""
        found = self.found
        return (
            found.contacts, self.certifications, found.facts, self.consents, found.named,
            found.household,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        """Return what the page shows of it."""
        contacts = sorted(self.found.contacts, key=lambda each: each.pk, reverse=True)
        certifications = self.lists.first("certifications", self.certifications, LATEST)
        facts = list(self.found.facts)
        consents = self.lists.first("consents", self.consents, LATEST)
        return {
            "contacts": contacts,
            "certifications": certifications,
            "facts": facts,
            "consents": list(told_consents(consents, self.found.named)),
            "household": list(self._household()),
            "own_membership": next(
                (each for each in self.found.household if each.resident_id == self.person.pk), None
            ),
            "today": clock.today(),
            "says": self.actor.may("residents.record_consent") and not self.person.is_ended,
        }

    def _household(self) -> Iterator[HouseholdMember]:
        """Tell who lives with the person, as far as the actor may see them."""
        for each in self.found.household:
            if each.resident_id != self.person.pk:
                yield each


class TakeView(StaffView):
    """Take a consultation about this person: they are chosen, by id, in a draft.

    It is the one in which only the person is missing, or else one of its own.
    """

    abilities = {"post": "consultations.record"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        person = get_object_or_404(policy.visible_to(self.actor), pk=id)
        chosen = {"subject": [str(person.pk)]}
        form = autosave.without_person(self.actor) or uuid4()
        if not autosave.replace_draft(
            self.actor, form, autosave.saved_draft(self.actor, form) | chosen
        ):
            form = uuid4()
            autosave.replace_draft(self.actor, form, chosen)
        query = urlencode({autosave.FORM: str(form)})
        return redirect_to(request, f"{reverse('staff-consultation-new')}?{query}")
