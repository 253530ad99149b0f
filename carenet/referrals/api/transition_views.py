"""The verbs beside the straight way: questions, pauses, taking back, sending on, striking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from carenet.agencies.api.views import ActorViewSet
from carenet.referrals.actions import (
    onward_referral,
    questions_and_pauses,
    reopened_referrals,
    voided_referrals,
    withdrawal,
)
from carenet.referrals.api.serializers import ReferralSerializer
from carenet.referrals.api.transition_serializers import (
    Answer,
    Contradiction,
    Pause,
    Question,
    Reason,
    Reply,
    Rerouting,
)
from carenet.rest.etags import etag, expected_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from rest_framework.request import Request

    from carenet.referrals.models import Referral
    from carenet.rest.serializers import Input


class TransitionViewSet(ActorViewSet):
    """How a verb of the API becomes a step, and the referral its answer."""

    def _step(
        self, act: Callable[..., Referral], shape: type[Input], request: Request, pk: UUID
    ) -> Response:
        self._take(act, shape, request, pk)
        return self._answer(pk)

    def _take(
        self, act: Callable[..., Referral], shape: type[Input], request: Request, pk: UUID
    ) -> None:
        given = self._read(shape, request)
        act(actor=self.actor, referral_id=pk, version=expected_version(request), **given)

    def _read(self, shape: type[Any], request: Request) -> dict[str, Any]:
        body = shape(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def _answer(self, pk: UUID, code: int = status.HTTP_200_OK) -> Response:
        referral = self.still_visible(pk)
        body = self.get_serializer(referral).data
        return Response(body, status=code, headers={"ETag": etag(referral)})


class TransitionMixin(TransitionViewSet):
    """The verbs for whenever it does not go straight on."""

    abilities: ClassVar[dict[str, str]] = {
        "ask": "referrals.answer",
        "answer": "referrals.answer",
        "hold": "referrals.answer",
        "resume": "referrals.answer",
        "retract_decline": "referrals.answer",
        "contest_decline": "referrals.send",
        "withdraw": "referrals.send",
        "request_withdrawal": "referrals.send",
        "agree_withdrawal": "referrals.settle_up",
        "reroute": "referrals.settle_up",
        "reopen": "referrals.settle_up",
        "void": "referrals.void",
    }

    @extend_schema(request=Question, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, id: UUID) -> Response:
        """Ask the sender; it is the sender's turn until there is an answer."""
        return self._step(questions_and_pauses.ask, Question, request, id)

    @extend_schema(request=Answer, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, id: UUID) -> Response:
        """Answer the question, or record what the sender has said to it."""
        return self._step(questions_and_pauses.answer, Answer, request, id)

    @extend_schema(request=Pause, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, id: UUID) -> Response:
        """Put the work off until a day on which somebody looks at it again."""
        return self._step(questions_and_pauses.hold, Pause, request, id)

    @extend_schema(request=Reply, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, id: UUID) -> Response:
        """Go on where it was held."""
        return self._step(questions_and_pauses.resume, Reply, request, id)

    @extend_schema(request=Reply, responses=ReferralSerializer)
    @action(detail=True, methods=["post"], url_path="retract-decline")
    def retract_decline(self, request: Request, id: UUID) -> Response:
        """Take a proposed decline back."""
        return self._step(questions_and_pauses.retract_decline, Reply, request, id)

    @extend_schema(request=Contradiction, responses=ReferralSerializer)
    @action(detail=True, methods=["post"], url_path="contest-decline")
    def contest_decline(self, request: Request, id: UUID) -> Response:
        """Disagree with a proposed decline; the receiver is to answer anew."""
        return self._step(questions_and_pauses.contest_decline, Contradiction, request, id)

    @extend_schema(request=Reason, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: UUID) -> Response:
        """Take it back before the work begins; a lead that had moved returns."""
        return self._step(withdrawal.withdraw, Reason, request, id)

    @extend_schema(request=Reason, responses=ReferralSerializer)
    @action(detail=True, methods=["post"], url_path="request-withdrawal")
    def request_withdrawal(self, request: Request, id: UUID) -> Response:
        """Ask the receiver to let go of work that has begun."""
        return self._step(withdrawal.request_withdrawal, Reason, request, id)

    @extend_schema(request=Reply, responses=ReferralSerializer)
    @action(detail=True, methods=["post"], url_path="agree-withdrawal")
    def agree_withdrawal(self, request: Request, id: UUID) -> Response:
        """Let go of the work; the coordinator, when the receiver has stayed silent."""
        return self._step(withdrawal.agree_withdrawal, Reply, request, id)

    @extend_schema(request=Rerouting, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def reroute(self, request: Request, id: UUID) -> Response:
        """Close it as rerouted; a new draft of the sender's, `replaced_by`, goes elsewhere."""
        return self._step(onward_referral.reroute, Rerouting, request, id)

    @extend_schema(request=Reason, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, id: UUID) -> Response:
        """Let the work go on, or, after closing, ask the receiver anew."""
        return self._step(reopened_referrals.reopen, Reason, request, id)

    @extend_schema(request=Reason, responses=ReferralSerializer)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, id: UUID) -> Response:
        """Strike it as entered in error: the receiver sees nothing of it any more."""
        return self._step(voided_referrals.void, Reason, request, id)
