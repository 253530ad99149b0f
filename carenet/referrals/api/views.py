"""`/referrals/`: inbox and outbox, drafts, and the verbs that move a referral."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from carenet.access.selectors import key_from, key_parts
from carenet.agencies.api.views import ActorViewSet
from carenet.errors import NotFound
from carenet.referrals import selectors
from carenet.referrals.actions import acceptance_and_decline, drafts, loop_closure
from carenet.referrals.api.serializers import (
    Acceptance,
    Closure,
    Completion,
    DeclineProposal,
    DraftChanges,
    DraftInput,
    EventSerializer,
    Failure,
    ReferralSerializer,
    Sending,
    Start,
)
from carenet.referrals.api.transition_serializers import Reply
from carenet.referrals.api.transition_views import TransitionMixin
from carenet.referrals.models import ReferralEvent
from carenet.referrals.states import OPEN, ReferralStatus
from carenet.rest.etags import required_version
from carenet.rest.filters import choices_of, codes
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Nothing

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from carenet.agencies.actors import Actor
    from carenet.referrals.models import Referral


class Box(models.TextChoices):
    """Which of an agency's referrals."""

    INBOX = "inbox", _("received by the agency")
    OUTBOX = "outbox", _("sent by the agency")
    WARD = "ward", _("coordinated by the ward office")


class Overdue(models.TextChoices):
    """Whether the next step was due before now."""

    TRUE = "true", _("overdue")


class Turn(models.TextChoices):
    """Whose turn it is."""

    MINE = "mine", _("my agency's")


FILTERS = [
    codes("box", Box.values, "All boxes without it."),
    OpenApiParameter(
        "turn", str, enum=Turn.values, description="“mine”: where your side is to act next."
    ),
    OpenApiParameter(
        "overdue", str, enum=Overdue.values, description="“true”: what was due before now."
    ),
    codes("status", ReferralStatus.values, "Drafts and open ones without it."),
]


class ReferralViewSet(TransitionMixin):
    """Referrals in which the agency has a part."""

    serializer_class = ReferralSerializer
    filter_names = frozenset({"box", "turn", "overdue", "status"})
    abilities = {
        "list": "referrals.view",
        "retrieve": "referrals.view",
        "create": "referrals.draft",
        "partial_update": "referrals.draft",
        "discard": "referrals.draft",
        "send": "referrals.send",
        "receive": "referrals.receive",
        "accept": "referrals.answer",
        "start": "referrals.answer",
        "propose_decline": "referrals.answer",
        "confirm_decline": "referrals.settle_up",
        "complete": "referrals.answer",
        "fail": "referrals.answer",
        "close": "referrals.settle_up",
        **TransitionMixin.abilities,
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Referral]:
        return selectors.referrals(actor)

    @extend_schema(parameters=FILTERS, responses=ReferralSerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List the agency's referrals, soonest due first."""
        boxes = choices_of(request, "box", Box) or list(Box)
        statuses = choices_of(request, "status", ReferralStatus) or [ReferralStatus.DRAFT, *OPEN]
        fetch = partial(
            selectors.referral_page,
            self.actor,
            boxes=[box.value for box in boxes],
            statuses=statuses,
            mine_only=bool(choices_of(request, "turn", Turn)),
            overdue_only=bool(choices_of(request, "overdue", Overdue)),
        )
        return keyset_page(
            request,
            fetch=fetch,
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=key_from,
            write_key=key_parts,
        )

    @extend_schema(request=DraftInput, responses={201: ReferralSerializer})
    def create(self, request: Request) -> Response:
        """Prepare a referral: a draft that only the sender sees."""
        given = self._read(DraftInput, request)
        case = given.pop("case")
        referral = drafts.draft(actor=self.actor, case_id=case.pk, **given)
        return self._answer(referral.pk, status.HTTP_201_CREATED)

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one referral; reading it does not count as receiving it."""
        return self._answer(id)

    @extend_schema(request=DraftChanges, responses=ReferralSerializer)
    def partial_update(self, request: Request, id: UUID) -> Response:
        """Change a draft; what was sent is frozen."""
        version = required_version(request)
        referral = self.get_object()
        body = DraftChanges(
            referral, data=request.data, partial=True, context=self.get_serializer_context()
        )
        body.is_valid(raise_exception=True)
        drafts.edit(actor=self.actor, referral_id=id, version=version, **body.validated_data)
        return self._answer(id)

    @extend_schema(request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, id: UUID) -> Response:
        """Throw a draft away."""
        self._take(drafts.discard, Nothing, request, id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=Sending, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, id: UUID) -> Response:
        """Send a draft; from now on an answer is expected."""
        return self._step(drafts.send, Sending, request, id)

    @extend_schema(request=Reply, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, id: UUID) -> Response:
        """Take note of a referral; the sender sees when. Information closes with it."""
        return self._step(acceptance_and_decline.receive, Reply, request, id)

    @extend_schema(request=Acceptance, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: UUID) -> Response:
        """Take it on, with a person in charge."""
        return self._step(acceptance_and_decline.accept, Acceptance, request, id)

    @extend_schema(request=Start, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, id: UUID) -> Response:
        """Begin the work, with the day of the first contact."""
        return self._step(acceptance_and_decline.start, Start, request, id)

    @extend_schema(request=DeclineProposal, responses=ReferralSerializer)
    @action(detail=True, methods=["post"], url_path="propose-decline")
    def propose_decline(self, request: Request, id: UUID) -> Response:
        """Propose not to take it on; the sender or the coordinator confirms."""
        return self._step(acceptance_and_decline.propose_decline, DeclineProposal, request, id)

    @extend_schema(request=Nothing, responses=ReferralSerializer)
    @action(detail=True, methods=["post"], url_path="confirm-decline")
    def confirm_decline(self, request: Request, id: UUID) -> Response:
        """Agree that it is not taken on."""
        return self._step(loop_closure.confirm_decline, Nothing, request, id)

    @extend_schema(request=Completion, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, id: UUID) -> Response:
        """Report what came of the work."""
        return self._step(acceptance_and_decline.complete, Completion, request, id)

    @extend_schema(request=Failure, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def fail(self, request: Request, id: UUID) -> Response:
        """Say that it did not work out."""
        return self._step(acceptance_and_decline.fail, Failure, request, id)

    @extend_schema(request=Closure, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, id: UUID) -> Response:
        """Close the loop: the sender's or the coordinator's own judgement."""
        return self._step(loop_closure.close, Closure, request, id)


class EventViewSet(ActorViewSet):
    """The story of one referral."""

    serializer_class = EventSerializer
    queryset = ReferralEvent.objects.none()
    abilities = {"list": "referrals.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[ReferralEvent]:
        visible = selectors.referrals(actor).filter(pk=self.kwargs["referral_id"]).first()
        if visible is None:
            raise NotFound
        return selectors.events(actor, visible)

    def list(self, request: Request, referral_id: UUID) -> Response:
        """List what happened, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
