"""What hangs on a person: contacts, certifications, consents. Reached through the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.agencies.actors import Actor
from carenet.agencies.api.verbs import ApiVerb, create_method, list_method, update_method
from carenet.agencies.api.views import ActorViewSet
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.residents import actions, policy, selectors
from carenet.residents.api.nested_serializers import (
    CertificationSerializer,
    Confirmation,
    ConsentInput,
    ConsentSerializer,
    ContactInput,
    ContactSerializer,
    Withdrawal,
)
from carenet.residents.models import Certification, Consent, Contact, Resident
from carenet.rest.filters import choices_of, codes
from carenet.rest.serializers import Nothing


class OfResident(ActorViewSet):
    """Base of what is reached through a visible person."""

    @property
    def resident(self) -> Resident:
        """The person in the address.

        Raises `NotFound` out of reach, `Forbidden` for whoever was only let in to the record itself.
        """
        found = get_visible(policy.visible_to(self.actor), pk=self.kwargs["resident_id"])
        demand(policy.can_view_details(self.actor, found))
        return found

    def _created(self, row: Any) -> Response:
        shown = self.get_serializer(self.still_visible(row.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED)


class Standing(TextChoices):
    """Which contacts."""

    CURRENT = "current", _("to be called")
    ENDED = "ended", _("ended")


class ContactViewSet(OfResident):
    """Whom to call for a person."""

    serializer_class = ContactSerializer
    queryset = Contact.objects.none()
    filter_names = frozenset({"standing"})
    abilities = {
        "list": "residents.view_details",
        "create": "residents.edit",
        "partial_update": "residents.edit",
    }
    id_argument = "contact_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Contact]:
        return selectors.contacts(actor, self.resident)

    @extend_schema(
        parameters=[codes("standing", Standing.values, "“current” without it.")],
        filters=False,
    )
    def list(self, request: Request, resident_id: UUID) -> Response:
        """List whom to call, newest first."""
        wanted = choices_of(request, "standing", Standing) or [Standing.CURRENT]
        rows = self.get_queryset()
        if len(wanted) == 1:
            rows = rows.filter(ended_at__isnull=wanted[0] is Standing.CURRENT)
        return self.page_of(rows)

    create = create_method(
        actions.add_contact, ContactInput, ContactSerializer, "Enter somebody to call."
    )

    partial_update = update_method(
        actions.edit_contact,
        ContactSerializer,
        ContactSerializer,
        "Correct what is written of a contact.",
        looked_up=False,
    )

    confirm = ApiVerb(
        actions.confirm_contact,
        Confirmation,
        "Say that a contact still holds; it is asked for again when it expires.",
        ability="residents.edit",
        looked_up=False,
    )
    end = ApiVerb(
        actions.end_contact,
        Nothing,
        "Say that this contact is not to be called any more.",
        ability="residents.edit",
        looked_up=False,
    )


class CertificationViewSet(OfResident):
    """The care certifications of a person: the one that began last is the current one."""

    serializer_class = CertificationSerializer
    queryset = Certification.objects.none()
    abilities = {"list": "residents.view_details", "create": "residents.edit"}

    def queryset_for(self, actor: Actor) -> QuerySet[Certification]:
        return selectors.certifications(actor, self.resident)

    list = list_method("List the certifications, last recorded first.")

    def create(self, request: Request, resident_id: UUID) -> Response:
        """Add a certification."""
        return self._created(
            actions.certify(
                actor=self.actor, resident_id=resident_id, **self.read_body(CertificationSerializer)
            )
        )


class ConsentViewSet(OfResident):
    """What a person has said to the sharing of their data."""

    serializer_class = ConsentSerializer
    queryset = Consent.objects.none()
    abilities = {
        "list": "residents.view_details",
        "create": "residents.record_consent",
    }
    id_argument = "consent_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Consent]:
        return selectors.consents(actor, self.resident)

    list = list_method(
        "List the consents that you keep, recorded or rely on, newest first; ended ones too."
    )

    @extend_schema(request=ConsentInput, responses={201: ConsentSerializer})
    def create(self, request: Request, resident_id: UUID) -> Response:
        """Write down a consent, a notification without refusal, or a refusal."""
        given = self.read_body(ConsentInput)
        said = dict(given)
        for name in ("agency_kinds", "categories"):
            said[name] = sorted(said[name])
        return self._created(
            actions.record_consent(actor=self.actor, resident_id=resident_id, **said)
        )

    # Not looked up again: with the consent the caller may have lost sight of the person.
    withdraw = ApiVerb(
        actions.withdraw_consent,
        Withdrawal,
        "Take a consent back; every share that rests on it ends now. Of a refusal: lift it.",
        ability="residents.record_consent",
        versioned=False,
        looked_up=False,
    )
