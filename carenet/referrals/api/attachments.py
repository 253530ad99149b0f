"""`/referrals/{id}/attachments/`: the files of a referral, for whoever sees the referral."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.serializers import AgencyInShortSerializer, ColleagueSerializer
from carenet.agencies.api.verbs import list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.api.serializers import LogReadMixin
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.core.models import get_visible
from carenet.referrals import policy, selectors
from carenet.referrals.actions import attachments
from carenet.referrals.actions.attachment_download import download
from carenet.referrals.models import Attachment, Referral, ScanState
from carenet.rest.parsers import StrictJSONParser
from carenet.rest.serializers import Input, Nothing
from carenet.rest.uploads import FileKind


class AttachmentSerializer(LogReadMixin, serializers.ModelSerializer[Attachment]):
    """A file of a referral, without its content."""

    audit_kind = "referral"
    audit_id = "referral_id"
    by_agency = AgencyInShortSerializer(read_only=True)
    by_user = ColleagueSerializer(read_only=True, allow_null=True)

    scan = serializers.ChoiceField(
        source="scan.state",
        choices=ScanState.choices,
        default=None,
        allow_null=True,
        read_only=True,
        help_text="What the scanner says: only a clean file is handed out; null without a scanner.",
    )

    class Meta:
        model = Attachment
        fields = [
            "id", "name", "media_type", "size", "sha256", "added_at",
            "by_agency", "by_user", "claimed_person", "scan",
        ]  # fmt: skip
        read_only_fields = fields


class AttachmentInput(Input):
    """One file, as a form."""

    file = serializers.FileField(help_text="PDF, JPEG or PNG, up to 10 MB.")


class AnyTypeRenderer(JSONRenderer):
    """Lets a caller ask for the type of the file; what goes wrong is told in JSON all the same."""

    media_type = "*/*"
    format = ""


class AttachmentViewSet(ActorViewSet):
    """The files of a referral."""

    serializer_class = AttachmentSerializer
    queryset = Attachment.objects.none()
    abilities = {
        "list": "referrals.view",
        "create": "referrals.attach",
        "remove": "referrals.draft",
        "content": "referrals.view",
    }

    @property
    def referral(self) -> Referral:
        """The referral in the address; raises `NotFound` out of reach."""
        visible = selectors.referrals(self.actor)
        return get_visible(visible, pk=self.kwargs["referral_id"])

    def get_parsers(self) -> list[Any]:
        """A file comes as a form. JSON is read there, too, or it would be refused before who asks."""
        uploads = self.action_map and self.action_map.get("post") == "create"
        return [MultiPartParser(), StrictJSONParser()] if uploads else [StrictJSONParser()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask whether a file may be added before any of it is read."""
        super().initial(request, *args, **kwargs)
        if self.action == "create":
            demand(policy.can_attach(self.actor, self.referral))

    def queryset_for(self, actor: Actor) -> QuerySet[Attachment]:
        return selectors.attachments(actor, self.referral)

    list = list_method("List the files of a referral, newest first.")

    @extend_schema(
        request={"multipart/form-data": AttachmentInput}, responses={201: AttachmentSerializer}
    )
    def create(self, request: Request, referral_id: UUID) -> Response:
        """Add a file: the sender's side to a draft, both sides as long as the referral is open."""
        given = self.read_body(AttachmentInput)
        if len(request.FILES.getlist("file")) > 1:
            raise Invalid({"file": _("Send one file at a time.")})
        added = attachments.attach(actor=self.actor, referral_id=referral_id, file=given["file"])
        shown = self.get_serializer(self.still_visible(added.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED)

    @extend_schema(request=Nothing, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, referral_id: UUID, id: UUID) -> Response:
        """Take a file away from a draft."""
        self.read_body(Nothing)
        attachments.remove(actor=self.actor, referral_id=referral_id, attachment_id=id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        responses={(200, kind.value): OpenApiTypes.BINARY for kind in FileKind}, filters=False
    )
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, AnyTypeRenderer])
    def content(self, request: Request, referral_id: UUID, id: UUID) -> HttpResponse:
        """Download a file."""
        return download(self.get_object())
