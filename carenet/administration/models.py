"""Who administers the service, and which partner's system two of them let in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from carenet.administration.states import AppointmentState, ClientRequestState
from carenet.agencies.roles import Scope
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel


class AppointmentQuerySet(models.QuerySet["AdministratorAppointment"]):
    """Appointments by what has become of them."""

    def in_office(self) -> AppointmentQuerySet:
        """Those that were accepted and have not ended, of people whose account is not disabled."""
        return self.filter(accepted_at__isnull=False, ended_at=None, user__is_active=True)

    def waiting(self) -> AppointmentQuerySet:
        """Those that the appointed may still accept."""
        return self.filter(accepted_at=None, ended_at=None, until__gt=clock.now())


class AdministratorAppointment(UUIDModel, VersionedModel):
    """One person's term as system administrator; ended, never deleted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    # None: at the operator's command line.
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now)
    # Until when it may be accepted.
    until = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="one_appointment_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    @property
    def state(self) -> AppointmentState:
        """What has become of it, as the clock has it now."""
        if self.ended_at:
            return AppointmentState.ENDED
        if self.accepted_at:
            return AppointmentState.IN_OFFICE
        open_until = self.until > clock.now()
        return AppointmentState.WAITING if open_until else AppointmentState.EXPIRED


class ClientRequest(UUIDModel, VersionedModel):
    """A partner's system that one administrator proposes and another one confirms.

    With `client_id` from the beginning it asks for a new secret of a system that is there.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), default=list)
    renews = models.BooleanField(default=False)
    client_id = models.CharField(max_length=100, blank=True)
    state = models.CharField(
        max_length=10, choices=ClientRequestState, default=ClientRequestState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "made_at"], name="client_request_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("proposed_by")),
                name="client_request_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ClientRequestState.PROPOSED, ClientRequestState.WITHDRAWN])
                | Q(confirmed_by__isnull=False),
                name="client_request_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"

    @property
    def scope_labels(self) -> list[str]:
        """What the scopes are called."""
        return [str(scope.label) for scope in Scope if scope in self.scopes]
