"""Facts of a person: all that one may see of them, one more, a correction, an end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.residents import actions, policy, selectors
from carenet.residents.models import FactAudience, FactKind, FactSource, Resident, ResidentFact
from carenet.residents.models.facts import VALUES
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.person.base import OfPerson
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction

#: As many earlier versions as the page tells.
LATEST = 20
#: Between the kind and the code of what is chosen.
_SIGN = ":"
_NOTHING: list[tuple[str, Any]] = [("", gettext_lazy("Choose"))]


class FactForm(forms.Form):
    """A fact: what, from where, since when, until when, who may see it."""

    what = forms.ChoiceField(label=gettext_lazy("What is known"))
    detail = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The name of a school, what a device needs, and what no code says."),
    )
    known_on = TypedDay(label=gettext_lazy("Known since"), initial="今日")
    expires_on = TypedDay(
        label=gettext_lazy("Holds until"), required=False, direction=Direction.AHEAD
    )
    source = forms.ChoiceField(
        label=gettext_lazy("From where"), choices=[*_NOTHING, *FactSource.choices]
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may see it"),
        choices=FactAudience.choices,
        initial=FactAudience.WORK.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, fact: ResidentFact | None = None) -> None:
        """Take a fact that is corrected: of its kind alone, and read by no fewer people."""
        super().__init__(data, initial=_initial(fact) if fact else None)
        kinds = [FactKind(fact.kind)] if fact else list(FactKind)
        offered = [(kind.label, _choices(kind)) for kind in kinds]
        # Nothing is chosen beforehand: nobody writes down by a slip what nobody knows.
        self.fields["what"].choices = [*([] if fact else _NOTHING), *offered]  # type: ignore[attr-defined]
        if fact:
            readers = dict.fromkeys([FactAudience(fact.audience), FactAudience.WORK])
            self.fields["audience"].choices = [(each.value, each.label) for each in readers]  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as the actions take it."""
        told = dict(self.cleaned_data)
        kind, _sign, value = told.pop("what").partition(_SIGN)
        return {"kind": kind, "value": value, **told}


def _choices(kind: FactKind) -> list[tuple[str, Any]]:
    codes = VALUES[kind]
    said = codes.choices if codes else [("", gettext_lazy("in words, below"))]
    # The kind in each: a closed list shows the chosen line alone.
    return [(f"{kind.value}{_SIGN}{value}", f"{kind.label}: {label}") for value, label in said]


def _initial(fact: ResidentFact) -> dict[str, Any]:
    return {
        "what": f"{fact.kind}{_SIGN}{fact.value}",
        "detail": fact.detail,
        "known_on": fact.known_on.isoformat(),
        "expires_on": fact.expires_on.isoformat() if fact.expires_on else "",
        "source": fact.source,
        "audience": fact.audience,
    }


class FactEnd(forms.Form):
    """The last day on which a fact held."""

    ended_on = TypedDay(label=gettext_lazy("It held until"), initial="今日")


class OfFacts(OfPerson):
    """Base of the pages about the facts of one person."""

    def fact(self, person: Resident) -> ResidentFact:
        found = get_object_or_404(selectors.facts(self.actor, person), pk=self.kwargs["fact_id"])
        log_read("residentfact", found.pk)
        return found

    def facts_page(self) -> str:
        return reverse("staff-resident-facts", args=[self.kwargs["id"]])


class FactsView(OfFacts):
    """All facts of a person that one may see, ended and corrected ones too, and one more."""

    abilities = {"get": "residents.view_details", "post": "residents.edit"}
    form_class = FactForm
    template = "staff/people/facts.html"

    def context(self) -> dict[str, Any]:
        person, lists = self.person(), Lists(self.request)
        found = selectors.facts(self.actor, person).order_by("-pk")
        current = list(found.filter(selectors.fact_holds()))
        earlier = lists.first("earlier", found.exclude(selectors.fact_holds()), LATEST)
        for each in (*current, *earlier):
            log_read("residentfact", each.pk)
        return {
            "person": person,
            "facts": current,
            "earlier": earlier,
            "cuts": lists.cuts,
            "today": clock.today(),
            "add": policy.can_record_fact(self.actor, person),
        }

    def act(self, form: Any) -> str:
        actions.record_fact(**self.ids(), **form.said)
        return self.facts_page()


class OfFact(OfFacts):
    """Base of what is done with one fact; both forms stand on one page."""

    abilities = {"get": "residents.view_details", "post": "residents.edit"}
    template = "staff/people/fact.html"
    name = ""

    def context(self) -> dict[str, Any]:
        person = self.person()
        fact = self.fact(person)
        correct = policy.can_correct_fact(self.actor, fact)
        return {
            "person": person,
            "fact": fact,
            "version": fact.version,
            "today": clock.today(),
            "refused": self.name if self.request.method == "POST" else "",
            "change": fact.holds and correct,
            "denials": [] if correct else [correct],
            "correct_form": FactForm(fact=fact),
            "end_form": FactEnd(),
        }

    def fact_ids(self) -> dict[str, Any]:
        """Return what the actions take of the address and of what was looked at."""
        return {
            **self.ids(),
            "fact_id": self.kwargs["fact_id"],
            "version": seen_version(self.request, _("Open the fact again, and do it from there.")),
        }


class FactView(OfFact):
    """Correct a fact: a new version stands in its place."""

    name = "correct"

    def form(self, data: Any = None) -> Any:
        return FactForm(data, fact=self.fact(self.person()))

    def act(self, form: Any) -> str:
        said = {name: value for name, value in form.said.items() if name != "kind"}
        actions.correct_fact(**self.fact_ids(), **said)
        return self.facts_page()


class EndView(OfFact):
    """Say until which day a fact held."""

    form_class = FactEnd
    name = "end"

    def act(self, form: Any) -> str:
        actions.end_fact(**self.fact_ids(), **form.cleaned_data)
        return self.facts_page()
