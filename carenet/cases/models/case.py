"""A case: one resident's episode under one lead, shared by agencies, passed from hand to hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Share
from carenet.cases.models.channel import Counterpart, NoteChannel
from carenet.cases.models.next_action import TRIGGERS
from carenet.cases.states import ENDED, OPEN, CaseStatus
from carenet.core import clock
from carenet.core.models import UUIDModel, VersionedModel, append_only, code_of

MINUTES_OF_DAY = 24 * 60


class Confidentiality(models.TextChoices):
    """Who of the agencies involved may see it."""

    NORMAL = "normal", _("normal")
    RESTRICTED = "restricted", _("restricted to named members")


class EndReason(models.TextChoices):
    """Why a case ended."""

    GOAL_REACHED = "goal_reached", _("goal reached")
    MOVED_AWAY = "moved_away", _("moved away")
    DIED = "died", _("died")
    INSTITUTION = "institution", _("moved into an institution or hospital")
    SUPPORT_DECLINED = "support_declined", _("the person declines support")
    NO_CONTACT = "no_contact", _("contact lost")
    TAKEN_OVER = "taken_over", _("taken over by another agency")
    OTHER = "other", _("other")


class Case(UUIDModel, VersionedModel):
    """An episode of support. `code` names it on paper and grants nothing."""

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("cases_case_number"), function="nextval"),
    )
    resident = models.ForeignKey(
        "residents.Resident", on_delete=models.PROTECT, related_name="cases"
    )
    consultation = models.OneToOneField(
        "cases.Consultation", null=True, on_delete=models.PROTECT, related_name="case"
    )
    lead_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    person_in_charge = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=20, choices=CaseStatus, default=CaseStatus.ASSESSING)
    confidentiality = models.CharField(
        max_length=10, choices=Confidentiality, default=Confidentiality.NORMAL
    )
    summary = models.TextField(max_length=10_000)
    plan = models.TextField(max_length=10_000, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    next_action = models.CharField(max_length=300, blank=True)
    next_action_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)
    end_note = models.TextField(max_length=10_000, blank=True)

    class Meta:
        permissions = [("co_support_case", "Takes part in the support of a case")]
        indexes = [
            models.Index(fields=["resident", "lead_agency"], name="case_of_resident"),
            models.Index(fields=["lead_agency", "confidentiality", "id"], name="case_of_lead"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN), ended_at=None, end_reason="")
                | (Q(status__in=sorted(ENDED), ended_at__isnull=False) & ~Q(end_reason="")),
                name="ended_cases_say_why",
            ),
            models.CheckConstraint(
                condition=Q(next_action="", next_action_on=None)
                | (~Q(next_action="") & Q(next_action_on__isnull=False)),
                name="next_action_has_a_date",
            ),
        ]
        triggers = TRIGGERS

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The human code, e.g. `C-26-004217`."""
        return code_of("C", self.opened_at, self.number)

    @property
    def restricted(self) -> bool:
        """Whether named members alone may see it."""
        return self.confidentiality == Confidentiality.RESTRICTED

    @property
    def is_open(self) -> bool:
        """Whether somebody is at work on it."""
        return self.status in OPEN

    @property
    def next_due(self) -> datetime | None:
        """When the next action falls due, for the order of lists."""
        return clock.midnight(self.next_action_on) if self.next_action_on else None


class CaseShare(Share):
    """What is shared of a case: `view_case` to read, `co_support_case` to take part."""

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="shares")

    class Meta(Share.Meta):
        indexes = [models.Index(fields=["group", "content_object"], name="case_share_of_group")]


class CaseMember(UUIDModel):
    """A person who may see a restricted case, named by somebody, until an end."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "case"], name="case_member_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(until=None), name="named_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("given_at")), name="named_ends_later"
            ),
        ]
        triggers = [pgtrigger.Protect(name="naming_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.case_id}"


class NoteKind(models.TextChoices):
    """What a note is, for disclosure requests."""

    FACT = "fact", _("fact")
    THIRD_PARTY = "third_party", _("statement of a third party")
    OPINION = "opinion", _("professional opinion")


class NoteAudience(models.TextChoices):
    """Who may read a note."""

    AGENCY = "agency", _("own agency")
    CASE = "case", _("everybody on the case")
    NAMED = "named", _("named persons")


class ProgressNote(UUIDModel):
    """One entry of the progress record (支援経過): added, corrected by another, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    author_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=NoteKind)
    audience = models.CharField(max_length=8, choices=NoteAudience, default=NoteAudience.AGENCY)
    readers = ArrayField(models.UUIDField(), default=list, blank=True)  # users, audience "named"
    # Empty on notes that were written before anybody was asked: not recorded.
    channel = models.CharField(
        max_length=12, choices=NoteChannel, blank=True, default="", db_default=""
    )
    with_whom = ArrayField(
        models.CharField(max_length=8, choices=Counterpart), default=list, db_default=[], blank=True
    )
    minutes = models.SmallIntegerField(null=True, blank=True)
    text = models.TextField(max_length=20_000)
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField(default=clock.now)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="note_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=NoteAudience.NAMED, readers__len__gt=0)
                | (~Q(audience=NoteAudience.NAMED) & Q(readers=[])),
                name="named_notes_name_readers",
            ),
            models.CheckConstraint(
                condition=~Q(channel__in=["", NoteChannel.NONE]) | Q(with_whom=[], minutes=None),
                name="contacts_say_how",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(minutes__range=(1, MINUTES_OF_DAY)),
                name="contacts_end_in_a_day",
            ),
        ]
        triggers = [append_only("notes_are_append_only")]

    @property
    def contact(self) -> str:
        """How it came about, with whom and how long, in words; empty where nothing is recorded."""
        return contact_in_words(self.channel, self.with_whom, self.minutes)


def contact_in_words(channel: str, with_whom: Iterable[str], minutes: int | None) -> str:
    """Return how a contact came about, with whom and how long, in words; empty for nothing."""
    told = [str(NoteChannel(channel).label)] if channel else []
    told += [str(Counterpart(each).label) for each in with_whom]
    if minutes:
        told.append(gettext("%(minutes)s minutes") % {"minutes": minutes})
    return gettext(", ").join(told)


class HandoverCause(models.TextChoices):
    """What made a case change hands."""

    HANDED_OVER = "handed_over", _("handed over by a manager")
    LEFT = "left", _("the person in charge has left")


class CaseHandover(UUIDModel):
    """One change of the person in charge; nobody is in charge after somebody has left."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="handovers")
    from_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    cause = models.CharField(max_length=12, choices=HandoverCause)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by_user = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="handover_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cause=HandoverCause.LEFT, to_person=None)
                | (Q(cause=HandoverCause.HANDED_OVER, to_person__isnull=False) & ~Q(reason="")),
                name="handovers_go_to_somebody",
            )
        ]
        triggers = [append_only("handovers_append_only")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.cause}"
