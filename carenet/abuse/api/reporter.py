"""Who reported: read by few, each time for a reason that is kept."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.abuse import policy, selectors
from carenet.abuse.actions import reporter as actions
from carenet.abuse.api.reports import OfReport
from carenet.abuse.api.serializers import ReporterInput
from carenet.abuse.models import ReporterIdentity, ReporterReader
from carenet.agencies.actors import Actor
from carenet.agencies.api.fields import VisibleField
from carenet.agencies.api.serializers import ColleagueSerializer
from carenet.agencies.api.verbs import ApiVerb, create_method, list_method
from carenet.agencies.selectors import colleagues
from carenet.audit.actions import current_context
from carenet.audit.api.serializers import LogReadMixin
from carenet.core.decisions import demand
from carenet.core.errors import NotFound
from carenet.rest.etags import required_version
from carenet.rest.serializers import Input, Moment, Nothing


class ReporterSerializer(LogReadMixin, serializers.ModelSerializer[ReporterIdentity]):
    """Who reported."""

    audit_kind = "reporter"
    audit_id = "report_id"

    class Meta:
        model = ReporterIdentity
        fields = ["report", "name", "relationship", "phone", "wishes_anonymity", "callback"]
        read_only_fields = fields


class ReaderSerializer(serializers.ModelSerializer[ReporterReader]):
    """A person who may read who reported."""

    user = ColleagueSerializer(read_only=True)
    given_by = ColleagueSerializer(read_only=True)

    class Meta:
        model = ReporterReader
        fields = ["id", "user", "given_by", "given_at", "until"]
        read_only_fields = fields


class ReaderInput(Input):
    """Naming a person to the compartment."""

    user = VisibleField(colleagues)
    until = Moment(required=False, allow_null=True, default=None)


class ReporterViewSet(OfReport):
    """The compartment of one report. Its answers are kept nowhere: there is no POST."""

    serializer_class = ReporterSerializer
    queryset = ReporterIdentity.objects.none()
    abilities = {"retrieve": "abuse.reporter", "partial_update": "abuse.reporter"}
    purpose_required = True

    @extend_schema(responses=ReporterSerializer)
    def retrieve(self, request: Request, report_id: UUID) -> Response:
        """Read who reported; say why in Carenet-Purpose."""
        report = self.report
        demand(policy.can_read_reporter(self.actor, report))
        _demand_purpose()
        identity = policy.reporters_visible_to(self.actor, report).first()
        if identity is None:
            raise NotFound
        return self.respond(identity)

    @extend_schema(request=ReporterInput, responses=ReporterSerializer)
    def partial_update(self, request: Request, report_id: UUID) -> Response:
        """Correct or complete who reported; say why in Carenet-Purpose."""
        version = required_version(request)
        demand(policy.can_read_reporter(self.actor, self.report))
        _demand_purpose()
        identity = actions.correct_reporter(
            actor=self.actor,
            report_id=report_id,
            version=version,
            **self.read_body(ReporterInput, partial=True),
        )
        return self.respond(identity)


class ReporterReaderViewSet(OfReport):
    """Who may read who reported: for the ward office to see, and to say."""

    serializer_class = ReaderSerializer
    queryset = ReporterReader.objects.none()
    abilities = {"list": "abuse.decide", "create": "abuse.decide"}
    id_argument = "reader_id"

    def queryset_for(self, actor: Actor) -> QuerySet[ReporterReader]:
        report = self.report
        demand(policy.can_name_readers(actor, report))
        return selectors.reporter_readers(report)

    list = list_method("List the namings to the compartment, newest first; ended ones too.")

    create = create_method(
        actions.name_reader,
        ReaderInput,
        ReaderSerializer,
        "Let a person who can see the report read who made it.",
    )

    end = ApiVerb(
        actions.end_reader,
        Nothing,
        "End a naming to the compartment now.",
        ability="abuse.decide",
        versioned=False,
        looked_up=False,
    )


def _demand_purpose() -> None:
    if not current_context().purpose.strip():
        raise ValidationError(
            {"Carenet-Purpose": [_("Say in this header why you need to know who reported.")]}
        )
