"""`/consultations/{id}/readers/`: who reads a consultation that is set apart."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.api.verbs import create_method, list_method
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.selectors import colleagues
from carenet.cases import selectors
from carenet.cases.actions.consultation_readers import name_reader
from carenet.cases.models import Consultation, ConsultationReader
from carenet.core.models import get_visible
from carenet.rest.serializers import Input


class ConsultationReaderSerializer(serializers.ModelSerializer[ConsultationReader]):
    """Who reads a consultation that is set apart."""

    user = ColleagueSerializer(read_only=True)

    class Meta:
        model = ConsultationReader
        fields = ["id", "user", "given_at"]
        read_only_fields = fields


class ConsultationReaderInput(Input):
    """Naming a person of the own agency."""

    user = VisibleField(colleagues)


class OfConsultation(ActorViewSet):
    """Base of what is reached through a visible consultation."""

    @property
    def consultation(self) -> Consultation:
        """The consultation in the address; raises `NotFound` out of reach."""
        visible = selectors.consultations(self.actor)
        return get_visible(visible, pk=self.kwargs["consultation_id"])

    def named(self) -> Any:
        return self.consultation


class ConsultationReaderViewSet(OfConsultation):
    """Who reads a consultation that is set apart."""

    serializer_class = ConsultationReaderSerializer
    queryset = ConsultationReader.objects.none()
    abilities = {"list": "consultations.view", "create": "abuse.report"}

    def queryset_for(self, actor: Actor) -> QuerySet[ConsultationReader]:
        return selectors.consultation_readers(self.consultation)

    list = list_method("List who is named now.")

    create = create_method(
        name_reader,
        ConsultationReaderInput,
        ConsultationReaderSerializer,
        "Name a person of your own agency.",
    )
