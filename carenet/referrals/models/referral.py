"""Referrals between agencies, and the events that tell their story."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Func, Q, Value

from carenet.access.rules import SharingBasis
from carenet.agencies.models import Agency
from carenet.agencies.models.attribution import AttributedModel
from carenet.cases.models import Urgency
from carenet.core import clock
from carenet.core.models import EventModel, UUIDModel, VersionedModel, append_only, code_of
from carenet.referrals.models.choices import (
    DeclineCode,
    DeclinedBy,
    EventChannel,
    Need,
    NeedMet,
    ReferralOutcome,
)
from carenet.referrals.states import (
    OPEN,
    UNCLAIMED,
    ClosedAs,
    DueFor,
    ReferralDelivery,
    ReferralKind,
    ReferralStatus,
    Side,
    Situation,
    Verb,
    due_for,
    is_undelivered,
    turn_of,
)


class Referral(UUIDModel, VersionedModel):
    """One referral (つなぎ). Frozen at `send`: what is added later is an event.

    `code` names it on paper and grants nothing.
    """

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("referrals_referral_number"), function="nextval"),
    )
    created_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=20, choices=ReferralKind)
    status = models.CharField(max_length=20, choices=ReferralStatus, default=ReferralStatus.DRAFT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="referrals")
    resident = models.ForeignKey(
        "residents.Resident", on_delete=models.PROTECT, related_name="referrals"
    )
    sender = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    sender_person = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # None while an open pool has not claimed it: then `pool` says whose claim it waits for.
    receiver = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_pool = models.BooleanField(default=False, db_default=False)
    pool = models.ManyToManyField("agencies.Agency", related_name="+", blank=True)
    # Whom a referral of a restricted case is for; such a case is seen by named members alone.
    addressee = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person_in_charge = models.ForeignKey(
        "agencies.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    coordinator = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )

    # Made while working on another one of the same case; sent on after another one came to nothing.
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    # What it says.
    need = models.CharField(max_length=20, choices=Need)
    need_text = models.TextField(max_length=2000, blank=True)
    reason = models.TextField(max_length=5000)
    summary = models.TextField(max_length=10_000, blank=True)
    requested_service = models.CharField(max_length=300, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL)
    answer_wanted_by = models.DateTimeField(null=True, blank=True)
    wishes_of_person = models.TextField(max_length=2000, blank=True)
    wishes_of_family = models.TextField(max_length=2000, blank=True)
    how_to_contact = models.TextField(max_length=2000, blank=True)
    sharing_basis = models.CharField(max_length=40, choices=SharingBasis, blank=True)
    # What it rests on where that is words; the reason stands in for a purpose.
    basis_words = models.CharField(max_length=300, blank=True, default="", db_default="")
    # When the basis is over at the latest; None while that has no day yet.
    basis_until = models.DateTimeField(null=True, blank=True)
    # Which word of the person it rests on, where the basis is CONSENT and a record of it is kept.
    consent = models.ForeignKey(
        "residents.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    discloses_address = models.BooleanField(default=False)

    # Where it stands.
    asked_from = models.CharField(max_length=20, choices=ReferralStatus, blank=True)
    held_from = models.CharField(max_length=20, choices=ReferralStatus, blank=True)
    proposed_from = models.CharField(max_length=20, choices=ReferralStatus, blank=True)
    withdrawal_requested = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)  # of a hold
    # How what S has said has reached R. Empty: of a draft, or sent before this was kept.
    delivery = models.CharField(
        max_length=10, choices=ReferralDelivery, blank=True, default="", db_default=""
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    turn_since = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    first_contact_on = models.DateField(null=True, blank=True)
    # The lead has moved to R by this transfer, and would return to S.
    lead_moved = models.BooleanField(default=False)

    # How it ended.
    decline_code = models.CharField(max_length=20, choices=DeclineCode, blank=True)
    declined_by = models.CharField(max_length=10, choices=DeclinedBy, blank=True)
    decline_text = models.TextField(max_length=5000, blank=True)
    outcome = models.CharField(max_length=20, choices=ReferralOutcome, blank=True)
    report = models.TextField(max_length=10_000, blank=True)
    fail_reason = models.TextField(max_length=5000, blank=True)
    closed_as = models.CharField(max_length=10, choices=ClosedAs, blank=True)
    need_met = models.CharField(max_length=6, choices=NeedMet, blank=True)
    need_met_text = models.TextField(max_length=5000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Until when the sender's and the receiver's side see it; null: no end in sight.
    s_until = models.DateTimeField(null=True, blank=True)
    r_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "status"], name="referral_of_case"),
            models.Index(fields=["resident", "sender"], name="referral_resident_s"),
            models.Index(fields=["resident", "receiver"], name="referral_resident_r"),
            models.Index(fields=["coordinator", "resident"], name="referral_resident_c"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=F("receiver")), name="referral_goes_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "discarded"])
                | (Q(sent_at__isnull=False) & ~Q(sharing_basis="")),
                name="sent_referrals_have_a_basis",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | Q(status="void")
                | (~Q(status__in=["closed", "void"]) & Q(closed_at=None)),
                name="closed_referrals_say_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="on_hold") | Q(review_on__isnull=False),
                name="held_referrals_have_a_review",
            ),
            models.CheckConstraint(
                condition=~Q(closed_as="closed") | ~Q(need_met=""),
                name="closing_says_whether_the_need_was_met",
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=False) | Q(to_pool=True, status__in=sorted(UNCLAIMED)),
                name="referral_has_a_receiver_or_a_pool",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The human code, e.g. `R-26-004217`."""
        return code_of("R", self.created_at, self.number)

    @property
    def is_open(self) -> bool:
        """Whether somebody still holds the ball."""
        return self.status in OPEN

    @property
    def consent_withdrawn(self) -> bool:
        """Whether the consent on which it rests was taken back."""
        return self.consent is not None and self.consent.is_withdrawn

    def carries_at(self, now: datetime) -> bool:
        """Whether its basis still carries: neither run out nor its consent taken back."""
        return not self.consent_withdrawn and (self.basis_until is None or self.basis_until > now)

    @property
    def turn(self) -> Side | None:
        """Whose turn it is: status and delivery say so together."""
        turn = turn_of(self.status, self.delivery)
        return Side.POOL if turn is Side.R and self.unclaimed else turn

    @property
    def due_for(self) -> DueFor | None:
        """What is due at `due_at`; None where nothing is."""
        return due_for(self.status, self.delivery) if self.due_at else None

    @property
    def undelivered(self) -> bool:
        """Whether it waits for S to tell an R that reads nothing here."""
        return is_undelivered(self.status, self.delivery)

    @property
    def unclaimed(self) -> bool:
        """Whether no agency of its pool has claimed it yet."""
        return self.to_pool and self.receiver_id is None

    @property
    def waits_in_pool(self) -> bool:
        """Whether it has been sent, and waits for a claim."""
        return self.unclaimed and self.status == ReferralStatus.SENT

    @property
    def received_by(self) -> Agency:
        """R, where somebody has to be R already; raises `LookupError` while nobody has claimed it."""
        if self.receiver is None:
            raise LookupError(self.pk)
        return self.receiver

    @property
    def waits_by(self) -> Agency:
        """The agency by whose working days it waits: R's on R's turn; else, a pool's too, S's."""
        return self.receiver if self.turn is Side.R and self.receiver else self.sender

    @property
    def situation(self) -> Situation:
        """The referral as the transition table looks at it."""
        return Situation(
            status=ReferralStatus(self.status),
            kind=ReferralKind(self.kind),
            pool=self.unclaimed,
            asked_from=_status(self.asked_from),
            held_from=_status(self.held_from),
            proposed_from=_status(self.proposed_from),
            withdrawal_requested=self.withdrawal_requested,
            closed_as=ClosedAs(self.closed_as) if self.closed_as else None,
            replaces=self.replaces_id is not None,
            delivery=ReferralDelivery(self.delivery) if self.delivery else None,
        )


def _status(value: str) -> ReferralStatus | None:
    return ReferralStatus(value) if value else None


class ReferralEvent(EventModel, AttributedModel):
    """One thing that happened to a referral: exactly one per transition, never changed."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20, choices=Verb)
    from_status = models.CharField(max_length=20, choices=ReferralStatus)
    to_status = models.CharField(max_length=20, choices=ReferralStatus)
    side = models.CharField(max_length=5, choices=Side)
    on_behalf_of = models.ForeignKey(
        "agencies.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=EventChannel, default=EventChannel.SYSTEM)
    reason = models.TextField(max_length=10_000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["referral", "id"], name="event_of_referral")]
        constraints = [
            models.CheckConstraint(
                condition=Q(on_behalf_of=None, channel="system")
                | (Q(on_behalf_of__isnull=False) & ~Q(channel="system")),
                name="words_of_others_say_their_channel",
            )
        ]
        triggers = [append_only("events_are_append_only")]
