"""Concerns at the desk: what is open, one of them, and what becomes of it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases.models import Topic, Urgency
from carenet.core.errors import Invalid
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to as visible_residents
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.search import LONGEST, Searching, people_found
from carenet.staff.pages.versions import seen_version
from carenet.watchover import policy
from carenet.watchover.actions.concerns import triage
from carenet.watchover.models import Concern
from carenet.watchover.models.concern import ConcernOutcome
from carenet.watchover.policy import visible_to as visible_watches
from carenet.watchover.selectors.concerns import concerns

#: As many as one look takes in.
MOST = 50
CODE = re.compile(r"W-[0-9]{2}-(?P<number>[0-9]{1,12})\Z")


class Decision(forms.Form):
    """What becomes of a concern."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"), choices=(), widget=forms.RadioSelect
    )
    reason = text_field(
        gettext_lazy("Why, or what else is to be said"),
        500,
        rows=2,
        help_text=gettext_lazy("Needed where there is nothing to do."),
        required=False,
    )
    main_topic = forms.ChoiceField(
        label=gettext_lazy("What the consultation is about"),
        choices=Topic.choices,
        initial=Topic.OTHER.value,
        required=False,
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon somebody must act"),
        choices=Urgency.choices,
        required=False,
    )
    watch = forms.CharField(
        label=gettext_lazy("Code of the watch over this person"),
        help_text=gettext_lazy("For example W-26-000012: an alert opens there."),
        max_length=20,
        required=False,
    )
    q = forms.CharField(
        label=gettext_lazy("Name or kana of the person"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    subject = forms.UUIDField(required=False)

    def __init__(self, data: Any, *, actor: Actor, concern: Concern, **kwargs: Any) -> None:
        urgency = Urgency.TODAY if concern.danger_to_life else Urgency.NORMAL
        initial = {"urgency": urgency.value} | kwargs.pop("initial", {})
        super().__init__(data, initial=initial, **kwargs)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (outcome.value, words)
            for outcome, words in _OUTCOMES.items()
            if outcome != ConcernOutcome.CONSULTATION or actor.may("consultations.record")
        ]


_OUTCOMES = {
    ConcernOutcome.CONSULTATION: gettext_lazy("Take it as a consultation"),
    ConcernOutcome.JOINED: gettext_lazy("It is about somebody who is known: add it there"),
    ConcernOutcome.NOTHING: gettext_lazy("There is nothing to do"),
}


class ConcernsView(StaffView):
    """The concerns that nobody has decided about yet, the oldest first."""

    abilities = {"get": "concerns.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = concerns(self.actor).filter(triaged_at=None)
        # Life in danger comes before age.
        found = list(waiting.order_by("-danger_to_life", "pk")[: MOST + 1])
        for each in found[:MOST]:
            log_read("concern", each.pk)
        context = {"concerns": found[:MOST], "cut": len(found) > MOST}
        return self.show("staff/concerns/list.html", context)


class ConcernPage(Searching, FormPage):
    """One concern: what was said, and the form that decides."""

    abilities = {"get": "concerns.view", "post": "concerns.triage"}
    template = "staff/concerns/page.html"

    def concern(self) -> Concern:
        return get_object_or_404(concerns(self.actor), pk=self.kwargs["id"])

    def form(self, data: Any = None) -> Decision:
        return Decision(data, actor=self.actor, concern=self.concern())

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "find" not in request.POST:
            return super().post(request, **ids)
        # Nothing is judged yet; what was typed stays.
        self.slow_down(request)
        typed = {name: request.POST.get(name, "") for name in Decision.base_fields}
        form = Decision(None, actor=self.actor, concern=self.concern(), initial=typed)
        return self.show(self.template, {"form": form, **self.context()})

    def context(self) -> dict[str, Any]:
        concern = self.concern()
        log_read("concern", concern.pk)
        posted = self.request.POST
        q, chosen = posted.get("q", ""), posted.get("subject", "")
        rule = policy.can_triage_concern(self.actor, concern)
        return {
            "concern": concern,
            "person": self.person(concern.resident_id),
            "triage": not concern.triaged_at and rule,
            "people": people_found(self.actor, q, chosen) if q or chosen else [],
            "chosen_person": chosen,
            "searched": bool(q),
            "left_over": posted.get("reason", "") if concern.triaged_at else "",
        }

    def person(self, resident_id: UUID | None) -> Resident | None:
        """Return whom it was joined to, if the actor sees them."""
        found = (
            visible_residents(self.actor).filter(pk=resident_id).first() if resident_id else None
        )
        if found:
            log_read("resident", found.pk)
        return found

    def act(self, form: forms.Form) -> str:
        given = form.cleaned_data
        seen = seen_version(self.request, _("Open the concern again, and decide from there."))
        outcome, said = ConcernOutcome(given["outcome"]), {}
        if outcome == ConcernOutcome.CONSULTATION:
            topic = given["main_topic"] or Topic.OTHER.value
            said = {"topics": [topic], "main_topic": topic}
            said |= {"urgency": given["urgency"]} if given["urgency"] else {}
        concern = triage(
            actor=self.actor,
            concern_id=self.kwargs["id"],
            outcome=outcome,
            reason=given["reason"],
            resident=self.chosen(given["subject"], outcome),
            assignment_id=self.watch(given["watch"], outcome),
            version=seen,
            **said,
        )
        if concern.consultation_id:
            return reverse("staff-consultation", args=[concern.consultation_id])
        return reverse("staff-concern", args=[concern.pk])

    def chosen(self, person_id: UUID | None, outcome: ConcernOutcome) -> Resident | None:
        if person_id is None or outcome == ConcernOutcome.NOTHING:
            return None
        found = visible_residents(self.actor).filter(pk=person_id).first()
        if found is None:
            raise Invalid({"q": _("This person is out of your reach now. Search again.")})
        return found

    def watch(self, code: str, outcome: ConcernOutcome) -> UUID | None:
        """Return the visible watch with this code, none without one; only what is joined has one."""
        if not code or outcome != ConcernOutcome.JOINED:
            return None
        read = CODE.match(code.strip().upper())
        number = int(read["number"]) if read else 0
        found = visible_watches(self.actor).filter(number=number).first()
        if found is None or found.code != code.strip().upper():
            raise Invalid({"watch": _("No watch with this code is known to you.")})
        return found.pk
