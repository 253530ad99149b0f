"""What becomes of a delivery.

```
pending ──claim──▶ attempting ──▶ sent
   ▲                  │ ├───────▶ failed      refused, or out of tries
   └── try again ─────┘ ├───────▶ unknown     broke off in mid-call, and the channel takes no key
pending, attempting ────┴───────▶ cancelled   checked again: must not go out any more
```
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: The last step waits this long for somebody who can be told, then asks again.
NOBODY_PAUSE = timedelta(days=1)


class DeliveryState(models.TextChoices):
    """Where a delivery stands; the last four are final."""

    PENDING = "pending", _("waiting")
    ATTEMPTING = "attempting", _("being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    UNKNOWN = "unknown", _("not known whether it went out")
    FAILED = "failed", pgettext_lazy("message", "failed")
    CANCELLED = "cancelled", _("cancelled")


FINAL = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.UNKNOWN,
        DeliveryState.FAILED,
        DeliveryState.CANCELLED,
    }
)


#: Outcomes that a person must learn of.
WORRYING = frozenset({DeliveryState.UNKNOWN, DeliveryState.FAILED})

#: The two kinds of this room itself (`carenet/reminders/hooks.py`).
DIGEST = "reminder.digest"
UNDELIVERED = "reminder.undelivered"
OWN_KINDS = frozenset({DIGEST, UNDELIVERED})


class Verb(models.TextChoices):
    """What somebody who was told has done about it."""

    ACKNOWLEDGE = "acknowledge", _("taken on")
    SNOOZE = "snooze", _("put off")
    DELEGATE = "delegate", _("handed on")
    TAKE_BACK = "take_back", _("taken back")


#: What may be taken back within minutes: nobody has been told anything by it.
REVERSIBLE = frozenset({Verb.ACKNOWLEDGE, Verb.SNOOZE})


class EngineReason(StrEnum):
    """Why the engine itself ended a reminder or a delivery, or put it off.

    Upper rooms end reminders with codes of their own ("accepted"); channels add theirs.
    """

    REPLACED = "replaced"
    HELD = "held"
    HELD_BACK = "held_back"
    READ = "read"
    NO_LONGER_HOLDS = "no_longer_holds"
    SETTLED = "settled"
    MEMBERSHIP_ENDED = "membership_ended"
    OUT_OF_SIGHT = "out_of_sight"
    CHANNEL_OFF = "channel_off"
    NOBODY_TO_TELL = "nobody_to_tell"
    LEASE_EXPIRED = "lease_expired"
    SENT_BEFORE_RESTORE = "sent_before_restore"
