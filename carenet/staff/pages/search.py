"""Finding people and agencies while one types, and saying whom a consultation is about."""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from carenet.agencies import policy as agencies
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.agencies.selectors import directory, directory_page
from carenet.agencies.selectors.principals import principal_key
from carenet.audit.actions import log_out_of_reach, log_read
from carenet.core.errors import Busy, Conflict, Invalid
from carenet.referrals.selectors import asked_lately
from carenet.residents import actions, policy, selectors
from carenet.residents.matching import fold_name
from carenet.residents.models import Resident
from carenet.rest.throttles import SearchThrottle
from carenet.staff.pages.base import FormPage, StaffView

#: As many as one look takes in, and as long as a name may be.
MOST, LONGEST = 8, 100
#: As many of those asked lately.
SEEN_AT_ONCE = 5
#: Where the name of a new person is typed.
NAME = ("family_name", "given_name")


class Searching(StaffView):
    """A page that searches the register."""

    def slow_down(self, request: HttpRequest) -> None:
        """Raise `Busy` for more searches than the API allows."""
        throttle = SearchThrottle()
        if not throttle.allow_request(request, self):  # type: ignore[arg-type]
            wait = int(throttle.wait() or 1)
            raise Busy(_("Too many searches. Wait a moment, then type on."), retry_after=wait)

    def principal_key(self, request: HttpRequest) -> str:
        """The search has one limit for each person, here and over the API."""
        return principal_key(request)  # type: ignore[arg-type]


class AboutSomebody(Searching, FormPage):
    """A form that says whom it is about: found, new, or nobody on the register.

    Its searches count like those of the part; above the limit nobody is searched for, and what was
    typed stays.
    """

    alike: list[Resident]

    def people(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return whom the search finds, with those who are probably the new person; the chosen stays."""
        q, too_many = given.get("q") or "", None
        if q:
            try:
                self.slow_down(self.request)
            except Busy as refused:
                q, too_many = "", refused
        found = people_found(self.actor, q, given.get("subject") or "")
        alike = getattr(self, "alike", [])
        shown = [*found, *(each for each in alike if each not in found)]
        return {
            "people": shown,
            **not_found(q, shown),
            "alike": bool(alike),
            "too_many": too_many,
            "chosen_person": str(given.get("subject") or ""),
        }

    def found(self, context: dict[str, Any]) -> HttpResponse:
        """Answer a search without a script: the whole page, nothing is judged yet.

        The new person is called what was searched in vain, where nothing else was typed.
        """
        too_many = context["too_many"]
        typed = context["form"].initial
        before = name_in(self.request.POST.get("searched", ""))
        for field, was, now in zip(NAME, before, context["sought"], strict=True):
            if not too_many and typed.get(field, "") in {"", was}:
                typed[field] = now
        return self.show(self.template, context, status=too_many.status if too_many else 200)

    def subject(self, form: Any) -> Resident | None:
        """Return who it is about: found, new, or nobody on the register."""
        given = form.cleaned_data
        if given["subject"]:
            found = policy.visible_to(self.actor).filter(pk=given["subject"]).first()
            if found is None:
                log_out_of_reach("resident", given["subject"])
                raise Invalid({"q": _("This person is out of your reach now. Search again.")})
            return found
        if not given["family_name"]:
            return None
        person = form.new_person
        try:
            return actions.register(actor=self.actor, new_because=given["new_because"], **person)
        except Conflict as refused:
            if refused.reason_code != "likely_match":
                raise
            traits = selectors.traits_of(Resident(**person))
            self.alike = [each.resident for each in selectors.likely_matches(self.actor, traits)]
            for each in self.alike:
                log_read("resident", each.pk)
            raise Invalid(
                {
                    "new_because": _(
                        "Somebody on the register is probably the same person: choose them above, "
                        "or say here why it is somebody else."
                    )
                }
            ) from refused


class PeopleView(Searching):
    """Who is found while a name or kana are typed: a part of the page."""

    abilities = {"post": "residents.view"}

    def post(self, request: HttpRequest) -> HttpResponse:
        self.slow_down(request)
        chosen = request.POST.get("subject", "")
        q = request.POST.get("q", "")
        people = people_found(self.actor, q, chosen)
        context = {"people": people, "chosen_person": chosen, "q": q, **not_found(q, people)}
        return self.show("staff/consultations/people.html", context)


class AgenciesView(StaffView):
    """Which agencies are found by name or kana: a part of the page."""

    abilities = {"post": "agencies.view"}

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen, q = request.POST.get("receiver", ""), request.POST.get("receiver_q", "")
        context = {
            "agencies": agencies_found(self.actor, q, chosen), "chosen_agency": chosen, "receiver_q": q,
        }  # fmt: skip
        return self.show("staff/consultations/agencies.html", context)


def people_found(actor: Actor, q: str, chosen: str) -> list[Resident]:
    """Return whom the register finds among those visible, and first whoever is chosen."""
    kept, q = id_in(chosen), searchable(q)
    wanted = selectors.search(actor).filter(pk=kept) if kept else Resident.objects.none()
    found = list(wanted)
    if kept and not found:
        log_out_of_reach("resident", kept)
    if fold_name(q):
        matching = selectors.search(actor, name=q).exclude(pk__in=[each.pk for each in found])
        found += matching.order_by("family_kana", "given_kana", "id")[:MOST]
    for each in found:
        log_read("resident", each.pk)
    return found


def not_found(q: str, people: list[Resident]) -> dict[str, Any]:
    """Say whether the search was in vain, and what a new person is called then."""
    nobody = bool(fold_name(searchable(q))) and not people
    return {"nobody": nobody, "sought": name_in(q) if nobody else ("", "")}


def name_in(q: str) -> tuple[str, str]:
    """Return the family and given name that were searched for; empty unless it is plainly a name.

    Kana alone are how a name is read, and a foreign name says nothing of which part is which.
    """
    parts = q.split() if len(q) <= LONGEST else []
    if not 1 <= len(parts) <= len(NAME) or not all(each.isalpha() for each in parts):
        return "", ""
    if not any(unicodedata.name(each, "").startswith("CJK ") for each in parts[0]):
        return "", ""
    return parts[0], "".join(parts[1:])


def agencies_found(actor: Actor, q: str, chosen: str) -> list[Agency]:
    """Return the agencies that are called like this, and first the one that is chosen.

    Before anything is typed, those that the actor has referred to lately.
    """
    kept, q = id_in(chosen), searchable(q)
    if not q.strip():
        return _asked_lately(actor, kept)
    found = list(directory(actor).filter(pk=kept)) if kept else []
    rows, _keys = directory_page(actor, q=q, limit=MOST)
    return found + [each for each in rows if each.pk not in {kept, actor.agency_id}]


def _asked_lately(actor: Actor, kept: UUID | None) -> list[Agency]:
    """Return the agencies asked lately that are still visible, as many as are seen at once."""
    ids = [pk for pk in asked_lately(actor) if pk not in {kept, actor.agency_id}][:SEEN_AT_ONCE]
    ids = [kept, *ids] if kept else ids
    if not ids:
        return []
    rows = agencies.visible_to(actor).filter(pk__in=ids).select_related("capacity")
    return sorted(rows, key=lambda each: ids.index(each.pk))


def searchable(q: str) -> str:
    """Return what a search can be asked for, of whatever was typed."""
    return q.replace("\0", "")[:LONGEST]


def id_in(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
