"""Open pools: what waits for a claim of the agency, told in codes and dates alone, and the claim.

Before it nobody here learns who it is about, as over the API: the pages are given a `PoolEntry` and
never a row. A claim goes to one agency; whoever comes second reads what that means.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from carenet.audit.actions import log_read
from carenet.cases.models import Urgency
from carenet.core import clock
from carenet.core.decisions import Decision
from carenet.core.errors import Conflict
from carenet.referrals import selectors
from carenet.referrals.actions import pools
from carenet.referrals.models import Need, Referral
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.selectors.pool import PoolEntry, pool_entry, pool_page
from carenet.referrals.states import ReferralKind, Verb
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.pagination import page_of
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.referrals import MOST
from carenet.staff.referral_words import DONE, next_words


class Offered:
    """What waits for a claim, as the board shows it."""

    def __init__(self, entry: PoolEntry) -> None:
        log_read("referral", entry.id)
        self.entry = entry
        self.kind = ReferralKind(entry.kind).label
        self.need = Need(entry.need).label
        self.urgency = Urgency(entry.urgency).label
        self.age_band = entry.age_band.label
        self.today = entry.urgency == Urgency.TODAY
        self.overdue = bool(entry.due_at and entry.due_at < clock.now())


class PoolPages(StaffView):
    """What the pages of open pools have in common."""

    def board(
        self, request: HttpRequest | None, *, status: int = HTTPStatus.OK, **besides: Any
    ) -> HttpResponse:
        """Answer with a page of the board, soonest due first; the first one without a request."""
        page = page_of(request, partial(pool_page, self.actor), most=MOST)
        lines = [Offered(entry) for entry in page.rows]
        context = {"lines": lines, "next": page.next, "previous": page.previous, **besides}
        return self.show("staff/pool/board.html", {"claim": self.may_claim(), **context}, status)

    def may_claim(self) -> Decision:
        """Whether the actor's role includes a claim, or why not."""
        return self.actor.may(VERB_ABILITIES[Verb.CLAIM])

    def ours(self, referral_id: UUID) -> Referral | None:
        """Return the referral if the actor's agency has received it."""
        seen = selectors.referrals(self.actor)
        return seen.filter(pk=referral_id, receiver=self.actor.agency_id).first()


class BoardView(PoolPages):
    """All that the agency may claim."""

    abilities = {"get": "referrals.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.board(request)


class OfferedView(PoolPages):
    """One of them. Whoever has a part in the referral is led to it: the sender, and who claimed it."""

    abilities = {"get": "referrals.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        entry = pool_entry(self.actor, id)
        if entry is not None:
            context = {"line": Offered(entry), "claim": self.may_claim()}
            return self.show("staff/pool/page.html", context)
        if selectors.referrals(self.actor).filter(pk=id).exists():
            return redirect_to(request, reverse("staff-referral", args=[id]))
        raise Http404


class ClaimView(PoolPages):
    """Claim it: for htmx the line as the referral that it is now, otherwise its page."""

    abilities = {"post": "referrals.answer"}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        try:
            with transaction.atomic():
                pools.claim(actor=self.actor, referral_id=id)
        except Conflict as refused:
            return self.too_late(id, refused)
        if not getattr(request, "htmx", False):
            return redirect_to(request, f"{reverse('staff-referral', args=[id])}?done={Verb.CLAIM}")
        referral = get_object_or_404(selectors.referrals(self.actor), pk=id)
        log_read("referral", referral.pk)
        log_read("resident", referral.resident_id)
        context = {"referral": referral, "done": DONE[Verb.CLAIM], "next": next_words(referral)}
        return self.show("staff/pool/claimed.html", context)

    def too_late(self, referral_id: UUID, refused: Conflict) -> HttpResponse:
        """Say who was first: a colleague by name, another agency not at all, as over the API."""
        ours = self.ours(referral_id)
        story = selectors.events(self.actor, ours).filter(verb=Verb.CLAIM) if ours else None
        context = {
            "error": refused,
            "ours": ours,
            "claimed": story.order_by("-id").first() if story is not None else None,
            "row": referral_id,
        }
        if getattr(self.request, "htmx", False):
            return self.show("staff/pool/gone.html", context, refused.status)
        return self.board(None, status=refused.status, **context)
