"""`/inquiries/`: asking the agency behind a hint, and answering."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.rules import SharingBasis
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.verbs import ApiVerb, retrieve_method
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.actions import log_read
from carenet.residents import actions, policy, selectors
from carenet.residents.api.serializers import SaidInput
from carenet.residents.models import Inquiry, InquiryBox, InquiryState
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Input, Until

BOX = codes("box", InquiryBox.values, "Both without it.")


class InquiryInput(Input):
    """What is asked, of whoever stands behind a hint."""

    hint = serializers.UUIDField(help_text="The id of a hint of /residents/matches/.")
    words = serializers.CharField(max_length=2000)


class SharingInput(Input):
    """On which ground the record is shown, and until when."""

    basis = serializers.ChoiceField(choices=SharingBasis.choices)
    reason = serializers.CharField(
        max_length=300,
        required=False,
        help_text="What the basis rests on, in words: the purpose, reason or danger.",
    )
    consent = VisibleField(
        policy.consents_visible_to,
        required=False,
        allow_null=True,
        help_text="The consent on which it rests and with which it ends; the one on record without it.",
    )
    consent_said = SaidInput(
        required=False,
        allow_null=True,
        help_text="What the person has said just now, instead of one on record.",
    )
    answer = serializers.CharField(max_length=2000, required=False)
    until = Until(
        required=False,
        help_text="A time, or a date: the end of that day in Japan. Without it, as long as the service "
        "is set to; never null.",
    )


class DecliningInput(Input):
    """Why nothing is shared."""

    answer = serializers.CharField(max_length=2000)


class InquirySerializer(serializers.ModelSerializer[Inquiry]):
    """An inquiry. Whoever asks learns of whom, and about which record, once it is shared."""

    state = serializers.ChoiceField(choices=InquiryState.choices, source="stands", read_only=True)
    asked_of = serializers.UUIDField(source="asked_of_id", allow_null=True, read_only=True)
    resident = serializers.UUIDField(source="resident_id", allow_null=True, read_only=True)

    class Meta:
        model = Inquiry
        fields = [
            "id", "code", "asked_by", "asked_by_user", "asked_of", "asked_at", "words", "resident",
            "state", "until", "answer", "answered_at",
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, inquiry: Inquiry) -> dict[str, Any]:
        log_read("inquiry", inquiry.pk)
        shown = super().to_representation(inquiry)
        if not policy.knows_about(self.context["request"].actor, inquiry):
            shown |= {"asked_of": None, "resident": None}
        return shown


class InquiryViewSet(ActorViewSet):
    """Inquiries that the agency has sent and received."""

    serializer_class = InquirySerializer
    filter_names = frozenset({"box"})
    abilities = {
        "list": "residents.inquire",
        "retrieve": "residents.inquire",
        "create": "residents.inquire",
    }
    id_argument = "inquiry_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Inquiry]:
        return policy.inquiries_visible_to(actor)

    @extend_schema(parameters=[BOX], filters=False)
    def list(self, request: Request) -> Response:
        """List inquiries, newest first."""
        boxes = choices_of(request, "box", InquiryBox)
        return self.page_of(selectors.inquiries(self.actor, boxes))

    retrieve = retrieve_method("Read one inquiry.")

    @extend_schema(request=InquiryInput, responses={201: InquirySerializer})
    def create(self, request: Request) -> Response:
        """Ask the agency behind a hint; each hint opens one inquiry."""
        given = self.read_body(InquiryInput)
        inquiry = actions.inquire(actor=self.actor, hint_id=given["hint"], words=given["words"])
        return self.respond(inquiry, status.HTTP_201_CREATED)

    share = ApiVerb(
        actions.share,
        SharingInput,
        "Let the agency that asks read the record, until a date.",
        ability="residents.answer_inquiry",
        looked_up=False,
    )
    decline = ApiVerb(
        actions.decline,
        DecliningInput,
        "Share nothing, and say why.",
        ability="residents.answer_inquiry",
        looked_up=False,
    )
