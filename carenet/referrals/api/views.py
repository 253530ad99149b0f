"""`/referrals/`: inbox and outbox, drafts, and the verbs that move a referral."""

from __future__ import annotations

from functools import partial

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.selectors import key_from, key_parts
from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, list_method, retrieve_method, update_method
from carenet.agencies.api.views import ActorViewSet
from carenet.core.models import get_visible
from carenet.referrals import selectors
from carenet.referrals.actions import (
    acceptance_and_outcome,
    decline,
    delivery,
    drafts,
    loop_closure,
    onward_referral,
    questions_and_pauses,
    reopened_referrals,
    voided_referrals,
    withdrawal,
)
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
from carenet.referrals.api.transition_serializers import (
    Answer,
    Contradiction,
    Pause,
    Question,
    Reason,
    Reply,
    Rerouting,
    Telling,
)
from carenet.referrals.models import Referral, ReferralEvent
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.states import OPEN, ReferralStatus
from carenet.rest.filters import choices_of, codes
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Nothing


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


class ReferralViewSet(ActorViewSet):
    """Referrals in which the agency has a part."""

    serializer_class = ReferralSerializer
    filter_names = frozenset({"box", "turn", "overdue", "status"})
    abilities = {
        "list": "referrals.view",
        "retrieve": "referrals.view",
        "create": "referrals.draft",
        "partial_update": "referrals.draft",
    }
    id_argument = "referral_id"
    verb_abilities = {verb.replace("-", "_"): name for verb, name in VERB_ABILITIES.items()}

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
        given = self.read_body(DraftInput)
        case = given.pop("case")
        referral = drafts.draft(actor=self.actor, case_id=case.pk, **given)
        return self.respond_visible(referral.pk, status.HTTP_201_CREATED)

    retrieve = retrieve_method("Read one referral; reading it does not count as receiving it.")

    partial_update = update_method(
        drafts.edit, DraftChanges, ReferralSerializer, "Change a draft; what was sent is frozen."
    )

    discard = ApiVerb(drafts.discard, Nothing, "Throw a draft away.", gone=True)
    send = ApiVerb(drafts.send, Sending, "Send a draft; from now on an answer is expected.")
    deliver = ApiVerb(
        delivery.deliver,
        Telling,
        "Record that a receiver without accounts was told; until then it is the sender's turn.",
    )
    receive = ApiVerb(
        acceptance_and_outcome.receive,
        Reply,
        "Take note of a referral; the sender sees when. Information closes with it.",
    )
    accept = ApiVerb(
        acceptance_and_outcome.accept, Acceptance, "Take it on, with a person in charge."
    )
    start = ApiVerb(
        acceptance_and_outcome.start, Start, "Begin the work, with the day of the first contact."
    )
    propose_decline = ApiVerb(
        decline.propose_decline,
        DeclineProposal,
        "Propose not to take it on; the sender or the coordinator confirms.",
    )
    confirm_decline = ApiVerb(decline.confirm_decline, Nothing, "Agree that it is not taken on.")
    complete = ApiVerb(acceptance_and_outcome.complete, Completion, "Report what came of the work.")
    fail = ApiVerb(acceptance_and_outcome.fail, Failure, "Say that it did not work out.")
    close = ApiVerb(
        loop_closure.close,
        Closure,
        "Close the loop: the sender's or the coordinator's own judgement.",
    )
    ask = ApiVerb(
        questions_and_pauses.ask,
        Question,
        "Ask the sender; it is the sender's turn until there is an answer.",
    )
    answer = ApiVerb(
        questions_and_pauses.answer,
        Answer,
        "Answer the question, or record what the sender has said to it.",
    )
    hold = ApiVerb(
        questions_and_pauses.hold,
        Pause,
        "Put the work off until a day on which somebody looks at it again.",
    )
    resume = ApiVerb(questions_and_pauses.resume, Reply, "Go on where it was held.")
    retract_decline = ApiVerb(decline.retract_decline, Reply, "Take a proposed decline back.")
    contest_decline = ApiVerb(
        decline.contest_decline,
        Contradiction,
        "Disagree with a proposed decline; the receiver is to answer anew.",
    )
    withdraw = ApiVerb(
        withdrawal.withdraw,
        Reason,
        "Take it back before the work begins; a lead that had moved returns.",
    )
    request_withdrawal = ApiVerb(
        withdrawal.request_withdrawal, Reason, "Ask the receiver to let go of work that has begun."
    )
    agree_withdrawal = ApiVerb(
        withdrawal.agree_withdrawal,
        Reply,
        "Let go of the work; the coordinator, when the receiver has stayed silent.",
    )
    reroute = ApiVerb(
        onward_referral.reroute,
        Rerouting,
        "Close it as rerouted; a new draft of the sender's, `replaced_by`, goes elsewhere.",
    )
    reopen = ApiVerb(
        reopened_referrals.reopen,
        Reason,
        "Let the work go on, or, after closing, ask the receiver anew.",
    )
    void = ApiVerb(
        voided_referrals.void,
        Reason,
        "Strike it as entered in error: the receiver sees nothing of it any more.",
    )


class EventViewSet(ActorViewSet):
    """The story of one referral."""

    serializer_class = EventSerializer
    queryset = ReferralEvent.objects.none()
    abilities = {"list": "referrals.view"}

    def queryset_for(self, actor: Actor) -> QuerySet[ReferralEvent]:
        visible = get_visible(selectors.referrals(actor), pk=self.kwargs["referral_id"])
        return selectors.events(actor, visible)

    list = list_method("List what happened, newest first.")
