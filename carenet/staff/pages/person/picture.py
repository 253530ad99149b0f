"""The picture of a person's family and of who helps, with the list that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases.selectors import live_grants, parts
from carenet.cases.states import OPEN as OPEN_CASES
from carenet.referrals.states import LIVE
from carenet.residents.models import HouseholdMember, Resident, ResidentFact
from carenet.residents.models.facts import FactKind, Sex
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.people import note_household, person_context, person_of
from carenet.staff.pages.person.base import crumbs_of
from carenet.staff.pages.person.svg_family import Group, Helper, Member, draw
from carenet.watchover.states import OPEN as OPEN_WATCHES

#: As many of each kind as are drawn; the list below has all.
MOST = 12
_SHAPES = {Sex.MALE.value: "man", Sex.FEMALE.value: "woman"}


class PictureView(StaffView):
    """Who lives with the person, whom to call, who looks in, which agencies: as far as each is seen."""

    abilities = {"get": "residents.view_details"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        person = person_of(self.actor, id)
        lists = Lists(request)
        lists.whole = True
        shown = person_context(self.actor, person, lists)
        _note_drawn(shown)
        members, groups = _members(person, shown), _groups(self.actor, shown)
        drawn = [Group(each.heading, each.helpers[:MOST]) for each in groups]
        context = {
            "person": person,
            "crumbs": crumbs_of(person),
            "details": shown["details"],
            "denials": shown["denials"],
            "drawing": draw(members, drawn),
            "members": members,
            "groups": groups,
            "cut": any(len(each.helpers) > MOST for each in groups),
        }
        return self.show("staff/people/picture.html", context)


def _note_drawn(shown: dict[str, Any]) -> None:
    """Note for the trail what the picture tells, which is less than the page of the person."""
    log_read("resident", shown["person"].pk)
    note_household(shown)
    for kind, rows in (
        ("contact", shown.get("contacts", ())),
        ("residentfact", [each for each in shown.get("facts", ()) if each.kind == FactKind.SEX]),
        ("watchassignment", [each for each in shown["watches"] if each.status in OPEN_WATCHES]),
        ("case", [each for each in shown["cases"] if each.status in OPEN_CASES]),
        ("referral", [each for each in shown["referrals"] if each.status in LIVE]),
    ):
        for each in rows:
            log_read(kind, each.pk)


def _members(person: Resident, shown: dict[str, Any]) -> list[Member]:
    """Return who lives there, the person among them; what is told of the others, and no more."""
    others: list[HouseholdMember] = list(shown.get("household", ()))
    own = shown.get("own_membership")
    subject = Member(
        name=person.name,
        role=own.role if own else "",
        role_words=own.get_role_display() if own else "",
        ages=_ages(person),
        age=person.age,
        shape=_shape(shown.get("facts", ())),
        died=person.ended_because == "died",
        is_subject=True,
    )
    return [subject, *(_member(each) for each in others)]


def _member(each: HouseholdMember) -> Member:
    person = each.resident
    return Member(
        name=person.name,
        role=each.role,
        role_words=str(each.get_role_display()),
        ages=_ages(person),
        age=person.age,
        address=reverse("staff-resident", args=[person.pk]),
        died=person.ended_because == "died",
    )


def _ages(person: Resident) -> str:
    return "/".join(str(age) for age in person.ages)


def _shape(facts: Iterable[ResidentFact]) -> str:
    told = (_SHAPES.get(each.value, "") for each in facts if each.kind == FactKind.SEX)
    return next(filter(None, told), "person")


def _groups(actor: Actor, shown: dict[str, Any]) -> list[Group]:
    found = [
        Group(_("Whom to call"), [_called(each) for each in shown.get("contacts", ())]),
        Group(_("Watch-over"), list(_watchers(actor, shown["watches"]))),
        Group(pgettext("involved", "Agencies"), list(_agencies(shown))),
    ]
    return [each for each in found if each.helpers]


def _called(contact: Any) -> Helper:
    marks = [
        contact.get_relationship_display(),
        _("holds a key") if contact.holds_key else "",
        _("emergency contact") if contact.is_emergency_contact else "",
        contact.phone,
    ]
    kind = "key" if contact.holds_key else "calls"
    return Helper(contact.name, " · ".join(str(each) for each in marks if each), kind)


def _watchers(actor: Actor, watches: Iterable[Any]) -> Iterator[Helper]:
    for each in watches:
        if each.status in OPEN_WATCHES:
            name = each.watcher.name if each.watcher else each.responsible_agency.name
            where = reverse("staff-watch", args=[each.pk]) if actor.may("watch.review") else ""
            remark = f"{each.get_status_display()} · {each.responsible_agency.name}"
            yield Helper(name, remark, "looks-in", where)


def _agencies(shown: dict[str, Any]) -> Iterator[Helper]:
    """Return the agencies of open cases and referrals that are seen, each once, with what they do."""
    cases = [each for each in shown["cases"] if each.status in OPEN_CASES]
    does: dict[str, dict[str, None]] = {}
    for case in cases:
        does.setdefault(case.lead_agency.name, {})[_("leads a case")] = None
    for part in parts(live_grants(*(each.pk for each in cases))):
        what = _("supports") if part.supports else _("reads")
        does.setdefault(part.agency.name, {})[what] = None
    for each in shown["referrals"]:
        if each.status in LIVE:
            for agency in filter(None, (each.sender, each.receiver)):
                does.setdefault(agency.name, {})[_("referral under way")] = None
    for name, doing in does.items():
        yield Helper(name, " · ".join(doing), "agency")
