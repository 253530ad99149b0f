"""The consultations of an agency by date, topic, channel, case and person: each found by an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from carenet.access.selectors import Key
from carenet.agencies.actors import Actor
from carenet.cases import selectors
from carenet.cases.models import Case, Consultation
from carenet.core import clock


@dataclass(frozen=True, slots=True)
class ConsultationFilter:
    """What a consultation must be: all of what is said; days are days in Japan, both included.

    Case and person are those that the caller has looked up among what is visible.
    """

    received_from: date | None = None
    received_until: date | None = None
    topic: str = ""
    channel: str = ""
    case: Case | None = None
    subject: UUID | None = None

    def __bool__(self) -> bool:
        return self != ConsultationFilter()

    @property
    def condition(self) -> Q:
        """The condition on consultations."""
        found = Q()
        if self.received_from:
            found &= Q(received_at__gte=clock.midnight(self.received_from))
        if self.received_until:
            found &= Q(received_at__lt=clock.midnight(self.received_until + timedelta(days=1)))
        if self.topic:
            found &= Q(topics__contains=[self.topic])
        if self.channel:
            found &= Q(channel=self.channel)
        if self.case:
            found &= Q(pk=self.case.consultation_id) | Q(joined_case=self.case)
        if self.subject:
            found &= Q(subject=self.subject)
        return found


def filtered(actor: Actor, wanted: ConsultationFilter) -> QuerySet[Consultation]:
    """Return the visible consultations that a filter lets through, last received first."""
    found = selectors.consultations(actor).filter(wanted.condition)
    return found.order_by("-received_at", "-pk")


def filtered_page(
    actor: Actor,
    wanted: ConsultationFilter,
    *,
    after: Key | None,
    backwards: bool,
    limit: int,
) -> tuple[list[Consultation], list[Key]]:
    """Return one page of what a filter lets through; the keys are when each was received, and its id."""
    found = filtered(actor, wanted)
    if after:
        at, pk = after
        later = Q(received_at__gt=at) | Q(received_at=at, pk__gt=pk)
        earlier = Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk)
        # The first condition is the one that the index is read by.
        edge = Q(received_at__gte=at) if backwards else Q(received_at__lte=at)
        found = found.filter(edge, later if backwards else earlier)
    page = list((found.reverse() if backwards else found)[:limit])
    page = page[::-1] if backwards else page
    return page, [(each.received_at, each.pk) for each in page]
