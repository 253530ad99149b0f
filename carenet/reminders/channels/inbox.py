"""The inbox in the application: the exactly-once ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from carenet.reminders.channels.base import timeout
from carenet.reminders.models import InboxEntry

if TYPE_CHECKING:
    from carenet.agencies.models import Agency, User
    from carenet.reminders.models import Delivery


class Inbox:
    """The inbox in the application: never held back, never given up."""

    name = "inbox"
    keyed = True
    rings = False
    gives_up_after = None

    @property
    def timeout(self) -> float:
        return timeout()

    def is_on(self) -> bool:
        return True

    def reaches(self, user: User, agency: Agency, *, at_once: bool) -> bool:
        return True

    def send(self, delivery: Delivery) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                limit = f"{self.timeout * 1000:.0f}ms"
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])
            entry = InboxEntry(
                dedupe_key=delivery.dedupe_key,
                user=delivery.recipient,
                agency=delivery.agency,
                reminder=delivery.reminder,
                delivery=delivery,
            )
            # ON CONFLICT DO NOTHING: a second try, or a sender that was only slow, adds nothing.
            InboxEntry.objects.bulk_create([entry], ignore_conflicts=True)
