"""The handover of a term in steps: who leaves, who comes after, what becomes of each watch, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.audit.actions import log_read
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.review.base import log_watch_reads, paged
from carenet.staff.pages.versions import version_in
from carenet.staff.times import Direction
from carenet.watchover.actions import handover_plan as planning
from carenet.watchover.models import HandoverLine, HandoverPair, WatchHandover
from carenet.watchover.selectors import handover as reading
from carenet.watchover.selectors.eligible_watchers import (
    Candidate,
    in_charge,
    place_named,
    successors,
)
from carenet.watchover.states import HandoverRemark, Obstacle

#: As many people as one plan may name.
MOST_PAIRS = 100


class HandoversView(StaffView):
    """The plans, newest first."""

    abilities = {"get": "watch.assign"}

    def get(self, request: HttpRequest) -> HttpResponse:
        page = paged(request, reading.handovers(self.actor))
        return self.show("staff/review/handovers.html", page)


class PlanForm(forms.Form):
    """Who comes after each of those who leave, and from which day on."""

    effective_on = TypedDay(
        direction=Direction.AHEAD,
        label=_("From its midnight on"),
        required=False,
        empty=_("Empty: only when you carry it out by hand."),
    )
    term_until = TypedDay(
        direction=Direction.AHEAD,
        label=_("Last day of the new term"),
        required=False,
        empty=_("Empty: when all terms end, on 30 November of every third year."),
    )

    def __init__(
        self, data: Any, leaving: list[Candidate], after: list[Candidate], **now: Any
    ) -> None:
        super().__init__(data, initial=now)
        for number, each in enumerate(leaving):
            others = [(one.key, sentence_of(one)) for one in after if one.key != each.key]
            self.fields[f"after_{number}"] = forms.ChoiceField(
                label=sentence_of(each),
                required=False,
                choices=[("", _("nobody yet")), (each.key, _("goes on: appointed again")), *others],
            )


class PlanPage(FormPage):
    """What planning and changing a plan have in common: the people, and the form about them."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/handover_plan.html"

    @property
    def leaving(self) -> list[Candidate]:
        """Who leaves, in the order of the form."""
        raise NotImplementedError

    @cached_property
    def after(self) -> dict[str, Candidate]:
        """Who may come after them: people of the same agencies."""
        found = successors(self.actor, {each.agency.pk for each in self.leaving})
        return {each.key: each for each in [*found, *self.leaving]}

    def now(self) -> dict[str, Any]:
        """What the form shows first."""
        return {}

    def form(self, data: Any = None) -> forms.Form:
        return PlanForm(data, self.leaving, list(self.after.values()), **self.now())

    def given(self, form: forms.Form) -> dict[str, Any]:
        """Return what the actions take."""
        pairs = []
        for number, each in enumerate(self.leaving):
            successor = self.after.get(form.cleaned_data[f"after_{number}"])
            pairs.append(
                {
                    "outgoing": each.user,
                    "outgoing_agency": each.agency,
                    "successor": successor.user if successor else None,
                    "successor_agency": successor.agency if successor else None,
                }
            )
        said = {name: form.cleaned_data[name] for name in ("effective_on", "term_until")}
        return {"pairs": pairs, **said}


class NewHandoverView(PlanPage):
    """Step one names who leaves, in the address; step two who comes after, and plans it."""

    @cached_property
    def leaving(self) -> list[Candidate]:
        wanted = set(self.request.GET.getlist("leaving")[:MOST_PAIRS])
        return [each for each, _number in self.people if each.key in wanted]

    @cached_property
    def people(self) -> list[tuple[Candidate, int]]:
        """Everybody who looks in or stands by, and in how many watches."""
        return in_charge(self.actor)

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if self.leaving:
            return super().get(request, **ids)
        for each, _number in self.people:
            log_read("user", each.user.pk)
        asked = "go" in request.GET
        context = {"people": self.people, "asked": asked}
        return self.show("staff/review/handover_who.html", context, status=422 if asked else 200)

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if not self.leaving:
            return redirect_to(request, reverse("staff-handover-new"))
        return super().post(request, **ids)

    def act(self, form: forms.Form) -> str:
        made = planning.plan(actor=self.actor, **self.given(form))
        return reverse("staff-handover", args=[made.pk])


class OfHandover:
    """The plan that the address names."""

    @cached_property
    def handover(self: Any) -> WatchHandover:
        """Raises `Http404` for one that the actor may not see."""
        found: WatchHandover = get_object_or_404(
            reading.handovers(self.actor), pk=self.kwargs["id"]
        )
        return found


class ChangeHandoverView(OfHandover, PlanPage):
    """Other successors, another day."""

    @cached_property
    def pairs(self) -> list[HandoverPair]:
        return list(self.handover.pairs.all())

    @property
    def leaving(self) -> list[Candidate]:
        return [Candidate(each.outgoing, each.outgoing_agency) for each in self.pairs]

    def now(self) -> dict[str, Any]:
        chosen = {
            f"after_{number}": place_named(each.successor_id, each.successor_agency_id)
            for number, each in enumerate(self.pairs)
        }
        days = {"effective_on": self.handover.effective_on, "term_until": self.handover.term_until}
        return {**days, **chosen}

    @cached_property
    def after(self) -> dict[str, Candidate]:
        """Whoever is named stays a choice."""
        named = [
            Candidate(each.successor, each.successor_agency)
            for each in self.pairs
            if each.successor and each.successor_agency
        ]
        return {each.key: each for each in named} | super().after

    def context(self) -> dict[str, Any]:
        return {"handover": self.handover}

    def act(self, form: forms.Form) -> str:
        version, pk = version_in(self.request), self.handover.pk
        planning.change(actor=self.actor, handover_id=pk, version=version, **self.given(form))
        return reverse("staff-handover", args=[pk])


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What becomes of one watch, or has, in words."""

    line: HandoverLine
    obstacle: str
    remarks: list[str]
    asks: bool
    asked: bool


class HandoverView(OfHandover, StaffView):
    """The preview of a plan, and its steps; what has become of each watch once it is over."""

    abilities = {"get": "watch.assign"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        lines = list(self.lines())
        context = {
            "handover": self.handover,
            "lines": lines,
            "obstacles": sum(1 for each in lines if each.obstacle),
            "asks": any(each.asks for each in lines),
        }
        return self.show("staff/review/handover.html", context)

    def lines(self) -> Iterator[ShownLine]:
        asked = set(self.handover.consented)
        for line in reading.lines_of(self.handover):
            log_watch_reads([line.assignment])
            yield ShownLine(
                line,
                str(Obstacle(line.obstacle).label) if line.obstacle else "",
                [str(HandoverRemark(each).label) for each in line.remarks],
                asks=self.handover.is_open
                and (line.obstacle == Obstacle.CONSENT_NEEDED or line.assignment_id in asked),
                asked=line.assignment_id in asked,
            )


class ConsentsView(OfHandover, StaffView):
    """Note who was asked anew and agrees to whoever comes after."""

    abilities = {"post": "watch.assign"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        sent = set(request.POST.getlist("consented"))
        touched = reading.lines_of(self.handover)
        agreed = [each.assignment_id for each in touched if str(each.assignment_id) in sent]
        planning.change(
            actor=self.actor, handover_id=id, version=version_in(request), consented=agreed
        )
        return redirect_to(request, reverse("staff-handover", args=[id]))


class HandoverActionView(StaffView):
    """One step of a plan: released, scheduled, carried out, called off."""

    abilities = {"post": "watch.assign"}
    #: The action, given by the address.
    deed: Callable[..., Any] | None = None

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        if self.deed is None:
            raise Http404
        self.deed(actor=self.actor, handover_id=id, version=version_in(request))
        return redirect_to(request, reverse("staff-handover", args=[id]))


def sentence_of(who: Candidate) -> str:
    """Return a person with the agency for which they look in."""
    return f"{who.user.name}（{who.agency.name}）"
