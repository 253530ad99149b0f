"""The inbox in the application: the exactly-once ledger."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from carenet.agencies.models import Agency, User
from carenet.reminders.channels.base import timeout
from carenet.reminders.models import Delivery, InboxEntry


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
        self.send_together([delivery])

    def send_together(self, deliveries: Sequence[Delivery]) -> Sequence[Exception | None]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                limit = f"{self.timeout * 1000:.0f}ms"
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])
            # ON CONFLICT DO NOTHING: a second try, or a sender that was only slow, adds nothing.
            InboxEntry.objects.bulk_create(map(_entry, deliveries), ignore_conflicts=True)
        return [None] * len(deliveries)


def _entry(delivery: Delivery) -> InboxEntry:
    return InboxEntry(
        dedupe_key=delivery.dedupe_key,
        user=delivery.recipient,
        agency=delivery.agency,
        reminder=delivery.reminder,
        delivery=delivery,
    )
