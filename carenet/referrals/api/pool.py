"""`/referral-pool/`: what waits for an agency's claim, without a word about the person."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.access.selectors import key_from, key_parts
from carenet.agencies.actors import Actor
from carenet.agencies.api.views import ActorViewSet
from carenet.audit.api.serializers import LogReadMixin
from carenet.cases.models import Urgency
from carenet.core.errors import NotFound
from carenet.referrals import selectors
from carenet.referrals.actions import pools
from carenet.referrals.api.serializers import ReferralSerializer
from carenet.referrals.models import AgeBand, Need, Referral
from carenet.referrals.policy import VERB_ABILITIES
from carenet.referrals.selectors.pool import pool_entry, pool_page
from carenet.referrals.states import ReferralKind, Verb
from carenet.rest.etags import expected_version
from carenet.rest.pagination import keyset_page
from carenet.rest.serializers import Nothing


class PoolEntrySerializer(LogReadMixin, serializers.Serializer[Any]):
    """What an agency of an open pool is told: codes and dates, nobody's words, nobody's name."""

    audit_kind = "referral"
    audit_id = "id"
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ReferralKind.choices)
    need = serializers.ChoiceField(choices=Need.choices)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    area = serializers.CharField(help_text="The sender's local government code, six digits.")
    age_band = serializers.ChoiceField(choices=AgeBand.choices, help_text="By decade.")
    sent_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="When it should have been claimed."
    )


class PoolViewSet(ActorViewSet):
    """Referrals that the agency may claim. Whoever claims first is the receiver."""

    serializer_class = PoolEntrySerializer
    queryset = Referral.objects.none()
    abilities = {
        "list": "referrals.view",
        "retrieve": "referrals.view",
        "claim": VERB_ABILITIES[Verb.CLAIM],
    }

    def queryset_for(self, actor: Actor) -> QuerySet[Referral]:
        """Return what a claim leads to: the full referral, for its receiver alone."""
        return selectors.referrals(actor)

    def get_serializer_class(self) -> type[Any]:
        """Return what shows an entry; a claim leads to the referral."""
        return ReferralSerializer if self.action == "claim" else PoolEntrySerializer

    def named(self) -> Any:
        """Return what waits for a claim, or what came of one."""
        entry = pool_entry(self.actor, self.kwargs["id"])
        return entry or self.get_object()

    @extend_schema(responses=PoolEntrySerializer(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """List what waits for your agency's claim, soonest due first."""
        return keyset_page(
            request,
            fetch=partial(pool_page, self.actor),
            show=lambda rows: self.get_serializer(rows, many=True).data,
            read_key=key_from,
            write_key=key_parts,
        )

    def retrieve(self, request: Request, id: UUID) -> Response:
        """Read one of them."""
        entry = pool_entry(self.actor, id)
        if entry is None:
            raise NotFound
        return Response(self.get_serializer(entry).data)

    @extend_schema(request=Nothing, responses=ReferralSerializer)
    def claim(self, request: Request, id: UUID) -> Response:
        """Claim it: the first one receives it, the others are told that they were not (409)."""
        self.read_body(Nothing)
        pools.claim(actor=self.actor, referral_id=id, version=expected_version(request))
        return self.respond_visible(id)
