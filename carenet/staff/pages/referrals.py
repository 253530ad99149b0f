"""Referrals (つなぎ): the boxes, one referral with its story, and every step in place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.referrals import policy, selectors
from carenet.referrals.models import Referral, ReferralEvent
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.selectors.pool import pool_entry
from carenet.referrals.states import OPEN, ReferralKind, ReferralStatus, Verb
from carenet.rest.problems import CLIENT_ERROR
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.pagination import order_in, page_of
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.referral_files import files_of
from carenet.staff.pages.referral_forms import (
    STEPS,
    Offer,
    form_for,
    offers,
    on_behalf,
    quick_offers,
    seen_referral_version,
)
from carenet.staff.referral_words import DONE, EXPECTED, confirm, deadlines, next_words

MOST = 30
#: Which tag a status has; those that are not here have a plain one.
TAGS = {
    ReferralStatus.SENT: "waiting",
    ReferralStatus.RECEIVED: "waiting",
    ReferralStatus.INFO_NEEDED: "waiting",
    ReferralStatus.ON_HOLD: "waiting",
    ReferralStatus.DECLINE_PROPOSED: "urgent",
    ReferralStatus.ACCEPTED: "ok",
    ReferralStatus.IN_PROGRESS: "ok",
    ReferralStatus.COMPLETED: "ok",
    ReferralStatus.CLOSED: "ended",
    ReferralStatus.VOID: "ended",
}
#: What ends on the list, for there is no page any more, or none that its sender needs.
GONE = frozenset({Verb.DISCARD, Verb.VOID})


class Filters(forms.Form):
    """What a list shows: in the address, and never anything of a person."""

    box = forms.ChoiceField(
        label=gettext_lazy("Box"),
        required=False,
        choices=[
            ("inbox", gettext_lazy("received by the agency")),
            ("outbox", gettext_lazy("sent by the agency")),
            ("ward", gettext_lazy("coordinated by the ward office")),
        ],
    )
    turn = forms.ChoiceField(
        label=gettext_lazy("Whose turn"),
        required=False,
        choices=[("", gettext_lazy("anybody's")), ("mine", gettext_lazy("my agency's"))],
    )
    due = forms.ChoiceField(
        label=gettext_lazy("When due"),
        required=False,
        choices=[("", gettext_lazy("at any time")), ("overdue", gettext_lazy("overdue"))],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("", gettext_lazy("all open ones")), *ReferralStatus.choices],
    )


class ReferralRow:
    """A referral as a list shows it."""

    def __init__(self, actor: Actor, referral: Referral) -> None:
        log_read("referral", referral.pk)
        log_read("resident", referral.resident_id)
        self.referral = referral
        status = ReferralStatus(referral.status)
        self.status, self.tag = status.label, TAGS.get(status, "")
        self.days = selectors.waited_working_days(referral, clock.today())
        self.ours = referral.turn in policy.sides(actor, referral)
        self.sent_by_us = referral.sender_id == actor.agency_id
        expected = EXPECTED.get(status)
        possible = expected and self.ours and quick_offers(actor, referral, [expected])
        self.step = expected if possible else None

    @property
    def turn(self) -> str:
        """Whose turn it is, by name; a pool has none yet."""
        if self.referral.turn is None:
            return _("nobody's")
        if self.referral.waits_in_pool:
            return _("an agency of the pool")
        return self.referral.waits_by.name

    @property
    def other(self) -> str:
        """The other side, by name: of a coordinator both."""
        receiver = self.referral.receiver
        to = receiver.name if receiver else self.turn
        return to if self.sent_by_us else self.referral.sender.name

    @property
    def waits(self) -> str:
        """Whose turn it is, for how long: a sentence."""
        if self.days is None:
            return _("It is nobody's turn any more.")
        said = ngettext(
            "It is the turn of %(whose)s, for %(days)d working day.",
            "It is the turn of %(whose)s, for %(days)d working days.",
            self.days,
        )
        return said % {"whose": self.turn, "days": self.days}

    @property
    def pool(self) -> str:
        """The agencies of an open pool, as the sender named them."""
        return _(", ").join(agency.name for agency in self.referral.pool.all()) or "–"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """What the page says of a receiver that reads nothing here, and the form for whoever tells it."""

    why: str
    reached: str
    form: Any


def undelivered_of(referral: Referral, possible: list[Offer]) -> Undelivered | None:
    """Return what is said while the receiver was not told; None where it was."""
    receiver = referral.receiver
    if receiver is None or not referral.undelivered:
        return None
    form = next((each.form for each in possible if each.verb is Verb.DELIVER), None)
    if form:
        why = _(
            "Nobody at %(agency)s reads this service. Send the sheet by FAX or telephone them, then "
            "say so here: until then it is your turn."
        )
    else:
        why = _("Nobody at %(agency)s reads this service, and %(sender)s has not told them yet.")
    numbers = (("TEL", receiver.phone), ("FAX", receiver.fax))
    return Undelivered(
        why % {"agency": receiver.name, "sender": referral.sender.name},
        "　".join(f"{kind} {number}" for kind, number in numbers if number),
        form,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """Another referral that this one belongs with, and whether its page opens."""

    how: str
    referral: Referral
    visible: bool
    words: str = ""


def beside(actor: Actor, referral: Referral) -> list[Beside]:
    """Return what it is part of, replaces, or was passed on in, each asked for only where it is."""
    parts = selectors.sent_parts(referral)
    found = [
        (_("Part of"), referral.part_of, ""),
        (_("Replaces"), referral.replaces, ""),
        (_("Replaced by"), getattr(referral, "replaced_by", None), ""),
        *((_("Passed on"), part, part.get_status_display()) for part in parts),
    ]
    ids = [other.pk for _how, other, _words in found if other]
    seen = set(
        policy.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True) if ids else ()
    )
    return [Beside(how, other, other.pk in seen, words) for how, other, words in found if other]


class ReferralsView(StaffView):
    """One box, soonest due first."""

    abilities = {"get": "referrals.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = Filters(request.GET)
        if not filters.is_valid():
            raise Invalid({name: _("Choose one of the list.") for name in filters.errors})
        chosen = {name: value for name, value in filters.cleaned_data.items() if value}
        box = chosen.get("box", "inbox")
        fetch = partial(
            selectors.referral_page,
            self.actor,
            boxes=[box],
            statuses=[ReferralStatus(chosen["status"])]
            if "status" in chosen
            else [ReferralStatus.DRAFT, *sorted(OPEN)],
            mine_only=chosen.get("turn") == "mine",
            overdue_only=chosen.get("due") == "overdue",
        )
        order = order_in(request, "due", chosen)
        page = page_of(request, order.of(fetch), most=MOST, kept={**chosen, **order.kept})
        context = {
            "filters": Filters({"box": box, **chosen}),
            "box": box,
            "filtered": bool(chosen.keys() - {"box"}),
            "order": order,
            "lines": [ReferralRow(self.actor, each) for each in page.rows],
            "next": page.next,
            "previous": page.previous,
            "gone": DONE.get(request.GET.get("done", "")),
        }
        return self.show("staff/referrals/list.html", context)


class ReferralPage(StaffView):
    """One referral: what it says, where it stands, its story, and what one can do."""

    abilities = {"get": "referrals.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        try:
            said, replied = request.GET.get("done", ""), "reply" in request.GET
            shown = referral_context(self.actor, id, said, replied=replied)
            return self.show("staff/referrals/page.html", shown)
        except Http404:
            # Its sheet leads here whoever holds it: an agency of its pool finds what it may claim.
            if pool_entry(self.actor, id) is None:
                raise
        return redirect_to(request, reverse("staff-pool-entry", args=[id]))


def referral_context(
    actor: Actor, referral_id: UUID, said: str = "", *, replied: bool = False
) -> dict[str, Any]:
    """Return what the page of a referral shows; raises `Http404` out of reach.

    `said` is the step that has led here: it is confirmed if it was the last thing to happen. `replied`:
    a reply on paper is at hand, whether or not anybody has said that the paper was sent.
    """
    referral: Any = selectors.seen_referral(actor, referral_id)
    if referral is None:
        raise Http404
    story = list(selectors.events(actor, referral).order_by("-id"))
    possible, denials = offers(actor, referral)
    line = ReferralRow(actor, referral)
    waits = referral.undelivered and not replied
    expected = None if waits else expected_of(line, possible)
    may_edit = referral.status == ReferralStatus.DRAFT and bool(policy.can_edit(actor, referral))
    latest = story[0] if story else None
    return {
        "line": line,
        "referral": referral,
        "events": story,
        "offers": possible,
        "expected": expected,
        "others": [
            each for each in possible if each is not expected and each.verb is not Verb.DELIVER
        ],
        "deadlines": deadlines(referral),
        "confirmed": confirm(actor, referral, latest, said, case=referral.case_opens),
        "denials": denials,
        "latest": story[0].pk if story else "",
        "told": undelivered_of(referral, possible) if waits else None,
        "files": files_of(actor, referral),
        "beside": beside(actor, referral),
        "may_edit": may_edit,
        "needs_basis": may_edit and not referral.sharing_basis,
    }


def expected_of(line: ReferralRow, possible: list[Offer]) -> Offer | None:
    """Return the step that is waited for here: one's own, or what a receiver on paper is to say.

    Whoever has asked is not offered the answer first.
    """
    verb = EXPECTED.get(line.referral.status)
    if line.referral.kind == ReferralKind.INFORMATION and verb is Verb.ACCEPT:
        verb = Verb.RECEIVE
    found = next((each for each in possible if each.verb is verb), None)
    replies = found is not None and found.on_behalf and verb is not Verb.ANSWER
    return found if line.ours or replies else None


class TransitionView(FormPage):
    """One step with one referral; `verb` is given by the address.

    In a list the step comes back as a part, and the line anew after it; elsewhere as the whole page.
    """

    verb: ClassVar[Verb] = Verb.ACCEPT
    http_method_names = ["get", "post", "head"]

    def permit(self, request: HttpRequest) -> None:
        if request.method in {"GET", "HEAD"}:
            demand(self.actor.may("referrals.view"))
        else:
            demand(self.actor.may(VERB_ABILITIES[self.verb]))

    @property
    def template(self) -> str:  # type: ignore[override]
        part = getattr(self.request, "htmx", False)
        return "staff/referrals/step.html" if part else "staff/referrals/page.html"

    def form(self, data: Any = None) -> Any:
        referral = get_object_or_404(selectors.single(self.actor), pk=self.kwargs["id"])
        behalf = on_behalf(self.actor, referral, self.verb)
        return form_for(self.actor, referral, self.verb, data, behalf=behalf)

    def context(self) -> dict[str, Any]:
        shown = referral_context(self.actor, self.kwargs["id"])
        shown["chosen"] = self.verb
        still = any(offer.verb is self.verb for offer in shown["offers"])
        shown["still"] = still
        shown["meanwhile"] = self.meanwhile(shown["events"])
        return shown

    def meanwhile(self, events: list[ReferralEvent]) -> list[ReferralEvent]:
        """Return what happened since the page was opened, first thing first."""
        try:
            seen = UUID(self.request.POST.get("seen", ""))
        except ValueError:
            return []
        return [event for event in reversed(events) if event.pk > seen]

    def act(self, form: Any) -> str:
        STEPS[self.verb][1](
            actor=self.actor,
            referral_id=self.kwargs["id"],
            version=seen_referral_version(self.request),
            **{name: value for name, value in form.cleaned_data.items() if value not in (None, "")},
        )
        return self.after()

    def after(self) -> str:
        if self.verb in GONE:
            return f"{reverse('staff-referrals')}?box=outbox&done={self.verb}"
        if self.verb is Verb.REROUTE:
            # The sender's draft waits for its basis; to the coordinator it is not shown.
            drafts = selectors.referrals(self.actor).filter(replaces=self.kwargs["id"])
            draft = drafts.values_list("pk", flat=True).first()
            if draft and self.actor.may("referrals.draft"):
                return reverse("staff-draft", args=[draft])
        return f"{reverse('staff-referral', args=[self.kwargs['id']])}?done={self.verb}"

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        answer = super().post(request, **ids)
        if answer.status_code == HTTPStatus.NO_CONTENT and request.POST.get("line"):
            visible = selectors.referrals(self.actor).filter(pk=self.kwargs["id"]).first()
            if visible is not None:
                done = [str(DONE[self.verb]), next_words(visible)]
                context = {"line": ReferralRow(self.actor, visible), "done": " ".join(done)}
                return self.show("staff/referrals/line.html", context)
        if request.htmx and answer.status_code >= CLIENT_ERROR:  # type: ignore[attr-defined]
            answer["HX-Retarget"], answer["HX-Reswap"] = f"#step-{self.kwargs['id']}", "innerHTML"
        return answer
