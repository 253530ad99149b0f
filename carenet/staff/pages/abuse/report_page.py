"""An abuse report at the desk: where it stands, what is due by when, what was done, what comes next.

Who reported is not on this page, nor in anything that it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.abuse import policy, selectors
from carenet.abuse.models import AbuseEvent, AbuseReport, CheckMethod, SuspectedAbuse
from carenet.abuse.states import AbuseStatus, AbuseVerb, Evaluation, Finding, expected_verb
from carenet.agencies.models import User
from carenet.cases.models import Urgency
from carenet.core.decisions import ALLOWED
from carenet.staff.pages.abuse.clock import clocks_of
from carenet.staff.pages.abuse.stepper import milestones
from carenet.staff.pages.abuse.steps import STEPS, report_of, step_address
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.pagination import Lists

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: As many steps as the story tells at once.
LATEST = 50
#: How the state of a report looks as a tag.
TAGS = {AbuseStatus.DECISION_PROPOSED: "waiting", AbuseStatus.CLOSED: "ended"}
#: What was done just now, by the code in the address, besides the steps.
DONE: dict[str, StrOrPromise] = {
    "reporter": gettext_lazy("Who reported is corrected, in the compartment alone."),
    "name": gettext_lazy("This person is named to the report and its case from now on."),
    "report": gettext_lazy(
        "The report is taken: the case is restricted, the ward office has its part, and the clock runs."
    ),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that one may take now."""

    label: StrOrPromise
    address: str


class AbuseReportPage(StaffView):
    """One report, for those who are named to it."""

    abilities = {"get": "abuse.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        report, lists = report_of(self.actor, id), Lists(request)
        events = selectors.abuse_events(report).order_by("-pk")
        story = lists.first("story", events, LATEST)
        context = {
            **self.procedure(report, story),
            "report": report,
            "tag": TAGS.get(AbuseStatus(report.status), "urgent"),
            "done": done_words(request.GET.get("done", "")),
            "suspected": [SuspectedAbuse(each).label for each in report.suspected],
            "clocks": clocks_of(report.deadlines.all()),
            "members": [each.user for each in report.case.named_now],  # type: ignore[attr-defined]
            "story": [(each, list(particulars(each, report))) for each in story],
            "cuts": lists.cuts,
            "names_readers": policy.can_name_readers(self.actor, report, seen=ALLOWED),
            "reads_reporter": report.reads_reporter  # type: ignore[attr-defined]  # annotated
            and self.actor.may("abuse.reporter"),
        }
        return self.show("staff/abuse/page.html", context)

    def procedure(self, report: AbuseReport, story: Iterable[AbuseEvent]) -> dict[str, Any]:
        """Return where the report is, the step that is expected, and the other ones."""
        expected = expected_of(report)
        open_to = policy.verbs_open_to(self.actor, report)
        return {
            "milestones": milestones(report, {each.verb for each in story}),
            "next": offer(report, expected) if expected in open_to else None,
            "expected": STEPS[expected].label if expected else "",
            "others": [
                offer(report, verb) for verb in STEPS if verb in open_to and verb != expected
            ],
            "proposed": report.proposed_finding and Finding(report.proposed_finding).label,
            "found": report.finding and Finding(report.finding).label,
            "waits_for": [each.name for each in waits_for(report)],
            "own_proposal": report.proposed_by_id == self.actor.user_id,
        }


def expected_of(report: AbuseReport) -> AbuseVerb | None:
    """Return the step that is expected next; what is for another desk is closed for it."""
    expected = expected_verb(report.situation)
    return AbuseVerb.CLOSE_ELSEWHERE if expected and report.elsewhere else expected


def offer(report: AbuseReport, verb: AbuseVerb) -> Offer:
    """Return a step as the page offers it."""
    return Offer(STEPS[verb].label, step_address(report.pk, verb))


def done_words(code: str) -> StrOrPromise:
    """Return what was done just now, "" for what is no step."""
    if code in DONE:
        return DONE[code]
    return STEPS[AbuseVerb(code)].done if code in {verb.value for verb in STEPS} else ""


def waits_for(report: AbuseReport) -> list[User]:
    """Return who may confirm a proposed decision: its deciders who are named, but for one."""
    others = set(report.proposed_deciders or []) - {report.proposed_by_id}
    named: list[Any] = report.case.named_now  # type: ignore[attr-defined]  # prefetched
    return [each.user for each in named if each.user_id in others]


#: What of an event's data is told by its label, in this order, with the codes that it may hold.
_CODED: dict[str, Any] = {
    "urgency": Urgency,
    "method": CheckMethod,
    "finding": Finding,
    "evaluation": Evaluation,
}


def particulars(event: AbuseEvent, report: AbuseReport) -> Iterator[str]:
    """Yield what a step says besides its words; nobody outside of the report is named by it."""
    data = event.data
    for name, codes in _CODED.items():
        if data.get(name):
            yield str(codes(data[name]).label)
    if "to_check" in data:
        yield _("the facts are checked") if data["to_check"] else _("the facts are not checked")
    if "seen_in_person" in data:
        seen = data["seen_in_person"]
        yield _("the person was seen") if seen else _("nobody has seen the person")
    if data.get("not_seen_because"):
        yield data["not_seen_because"]
    if data.get("with_police"):
        yield _("with the police")
    if data.get("attendees"):
        yield _("Took part: %(names)s") % {"names": _(", ").join(data["attendees"])}
    if data.get("deciders"):
        yield from _deciders(data["deciders"], report)
    if data.get("desk"):
        yield data["desk"]


def _deciders(ids: list[str], report: AbuseReport) -> Iterator[str]:
    named: list[Any] = report.case.named_now  # type: ignore[attr-defined]  # prefetched
    names = [each.user.name for each in named if str(each.user_id) in ids]
    others = len(ids) - len(names)
    if others:
        names.append(_("%(others)s more") % {"others": others})
    yield _("Decided: %(names)s") % {"names": _(", ").join(names)}
