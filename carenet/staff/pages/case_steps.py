"""What moves a case, each step on a page of its own that says first what it settles.

Its state, who is in charge, who may see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from carenet.access.actor_queries import ask_together
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions import cases
from carenet.cases.models import Case, EndReason
from carenet.cases.selectors.refusals import end_refusal, opening_refusal
from carenet.cases.states import MOVES, CaseVerb
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.referrals import selectors as referrals
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN as OPEN_REFERRALS
from carenet.referrals.states import ReferralStatus
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.versions import seen_version
from carenet.watchover import selectors as watchover
from carenet.watchover.states import OPEN as OPEN_WATCHES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Act = Callable[..., Case]


class Nothing(forms.Form):
    """A step that asks for nothing."""


class Ending(forms.Form):
    """Why a case ends."""

    reason = forms.ChoiceField(
        label=_("Why the case ends"),
        choices=EndReason.choices,
        widget=forms.RadioSelect,
    )
    note = text_field(_("What has been reached, and what stays open"), required=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how it is named, what is done, the ability it takes, what is said afterwards.

    `words` say beforehand what it means.
    """

    label: StrOrPromise
    act: Act
    ability: str
    done: StrOrPromise
    form: type[forms.Form] = Nothing
    words: StrOrPromise = ""


def _move(verb: CaseVerb) -> Act:
    return partial(cases.move, verb=verb)


#: The steps, in the order in which they are offered; those of `CaseVerb` by their table.
STEPS: dict[str, Step] = {
    "plan": Step(
        _("Say that the plan is made"),
        _move(CaseVerb.PLAN),
        "cases.change_state",
        _("The case is planned. Next: begin the support."),
    ),
    "support": Step(
        _("Begin the support"),
        _move(CaseVerb.SUPPORT),
        "cases.change_state",
        _("The support has begun. Next: review the plan on its day."),
    ),
    "monitor": Step(
        _("Go over to monitoring"),
        _move(CaseVerb.MONITOR),
        "cases.change_state",
        _("The case is monitored from now on."),
    ),
    "close": Step(
        _("Close the case"),
        _move(CaseVerb.CLOSE),
        "cases.change_state",
        _("The case is closed. Whoever needs it again reopens it here."),
        Ending,
        _("What was aimed at is reached, or somebody else sees to it."),
    ),
    "discontinue": Step(
        _("Break the case off"),
        _move(CaseVerb.DISCONTINUE),
        "cases.change_state",
        _("The case is broken off. Whoever needs it again reopens it here."),
        Ending,
        _("The support ends before its aim is reached."),
    ),
    "reopen": Step(
        _("Reopen the case"),
        _move(CaseVerb.REOPEN),
        "cases.change_state",
        _("The case is open again. Next: assess how things stand now."),
        words=_("The case begins again with the assessment."),
    ),
    "restrict": Step(
        _("Restrict the case to named members"),
        cases.restrict,
        "cases.restrict",
        _("The case is restricted. Name below who else may see it."),
        words=_(
            "Only people who are named see it from then on: you and whoever is in charge at first. "
            "Tasks of everybody else come back to your agency."
        ),
    ),
    "unrestrict": Step(
        _("Open the case to the agencies involved again"),
        cases.unrestrict,
        "cases.restrict",
        _("The agencies that have a part in the case see it again."),
        words=_("Everybody at work in the agencies that have a part in it sees it then."),
    ),
}
#: What another room may keep from being done, as its action would say it.
_REFUSALS = {
    "unrestrict": opening_refusal,
    **dict.fromkeys(("close", "discontinue"), end_refusal),
}
_CONFIDENTIALITY = {"restrict": False, "unrestrict": True}


def is_possible(actor: Actor, case: Case, name: str) -> bool:
    """Whether a step may be taken now, as its action will judge it."""
    step = STEPS[name]
    if not policy.can_change(actor, case, step.ability):
        return False
    if name in _CONFIDENTIALITY:
        return case.restricted is _CONFIDENTIALITY[name]
    return MOVES.leads(CaseVerb(name), case.status)


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as the page of a case offers it; `at_once`: it asks for nothing and settles nothing."""

    label: StrOrPromise
    address: str
    at_once: bool = False


def offers(actor: Actor, case: Case) -> list[Offer]:
    """Return what may be done with a visible case now."""
    found = [
        Offer(
            step.label,
            reverse(f"staff-case-{name}", args=[case.pk]),
            at_once=name in {"plan", "support", "monitor"},
        )
        for name, step in STEPS.items()
        if is_possible(actor, case, name)
    ]
    if case.is_open and policy.can_change(actor, case, "cases.reassign"):
        found.insert(0, Offer(_("Put it into other hands"), _address("reassign", case)))
    if case.is_open and policy.can_change(actor, case, "cases.share"):
        found.append(Offer(_("Which agencies are let in"), _address("shares", case)))
    if case.restricted and policy.can_change(actor, case, "cases.restrict"):
        found.append(Offer(_("Who is named to it"), _address("members", case)))
    return found


def _address(name: str, case: Case) -> str:
    return reverse(f"staff-case-{name}", args=[case.pk])


def crumbs_of(case: Case) -> list[tuple[str, str]]:
    """Return what lies above a page of a case: the case, by its person."""
    return [(_address_of(case), case.resident.name)]


def _address_of(case: Case) -> str:
    return reverse("staff-case", args=[case.pk])


class CaseStepPage(FormPage):
    """Base of a step with a case: what is refused comes back with what was typed."""

    template = "staff/cases/step.html"
    label: StrOrPromise = ""

    @cached_property
    def case(self) -> Case:
        case = selectors.seen_case(self.actor, self.kwargs["id"])
        log_read("case", case.pk)
        log_read("resident", case.resident_id)
        return case

    def context(self) -> dict[str, Any]:
        return {"case": self.case, "label": self.label, "crumbs": crumbs_of(self.case)}

    def version(self) -> int:
        """Return the version of the case that was looked at."""
        return seen_version(self.request, _("Open the case again, and do it from there."))

    def after(self, done: str, **more: str) -> str:
        """Return the case, which says what has been done."""
        query = urlencode({"done": done, **more})
        return f"{reverse('staff-case', args=[self.kwargs['id']])}?{query}"


class StepView(CaseStepPage):
    """Take one of the steps; a step that ends the case says first what it settles."""

    name = ""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        step = STEPS[self.name]
        self.abilities = {"get": "cases.view", "post": step.ability}  # type: ignore[misc]
        self.form_class, self.label = step.form, step.label  # type: ignore[misc]

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if not is_possible(self.actor, self.case, self.name):
            demand(policy.can_change(self.actor, self.case, STEPS[self.name].ability))
            raise Conflict(_("This is not possible as the case stands now. Look at it again."))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        step = STEPS[self.name]
        ends = step.form is Ending
        refused = _REFUSALS[self.name](self.case) if self.name in _REFUSALS else None
        return {
            **super().context(),
            "words": step.words,
            "settled": list(settled_with(self.actor, self.case)) if ends else [],
            "ends": ends,
            "blocked": refused.detail if refused else "",
        }

    def act(self, form: Any) -> str:
        STEPS[self.name].act(
            actor=self.actor,
            case_id=self.kwargs["id"],
            version=self.version(),
            **form.cleaned_data,
        )
        if self.name == "restrict":
            return f"{_address('members', self.case)}?done=restrict"
        return self.after(self.name)


@dataclass(frozen=True, slots=True)
class Settled:
    """What ends with a case, or goes on without it: a heading, and each of it in words."""

    heading: StrOrPromise
    lines: list[tuple[str, str]]


def settled_with(actor: Actor, case: Case) -> Iterator[Settled]:
    """Yield what is open on a case and what its end does to it, as far as the actor sees it."""
    sent = referrals.lines_of_case(actor, case=case.pk)
    watches = watchover.of_resident(actor, resident=case.resident_id)
    tasks, grants = selectors.open_tasks(actor, case), selectors.live_grants_on(actor, case=case.pk)
    ask_together(sent, watches, tasks, grants)
    for task in tasks:
        log_read("task", task.pk)
    yield Settled(
        _("These tasks are dropped"),
        [(reverse("staff-task", args=[task.pk]), task.what) for task in tasks],
    )
    open_ones = [each for each in sent if each.status in {ReferralStatus.DRAFT, *OPEN_REFERRALS}]
    for referral in open_ones:
        log_read("referral", referral.pk)
    yield Settled(
        _("These referrals are settled"),
        [
            (
                reverse("staff-referral", args=[each.pk]),
                _of_referral(each),
            )
            for each in open_ones
        ],
    )
    yield Settled(
        _("These agencies have a part in it: what rests on its purpose ends %(days)s days later")
        % {"days": settings.BASIS_DAYS_AFTER_CASE},
        [("", part.agency.name) for part in selectors.parts(grants)],
    )
    going_on = [each for each in watches if each.status in OPEN_WATCHES]
    for watch in going_on:
        log_read("watchassignment", watch.pk)
    yield Settled(
        _("Of these watches it is asked whether they go on without the case"),
        [
            (
                reverse("staff-watch", args=[each.pk]),
                each.watcher.name if each.watcher else each.code,
            )
            for each in going_on
        ],
    )


def _of_referral(each: Referral) -> str:
    to = each.receiver.name if each.receiver else "–"
    return f"{to} {each.get_need_display()} ({each.get_status_display()})"
