"""The stock way to tell somebody: one Celery task for each message, which asks nothing."""

from __future__ import annotations

import os
from uuid import UUID

import django
from celery import Celery
from django.apps import apps

if not apps.ready:  # in a worker
    django.setup()

from carenet.reminders.channels import CHANNELS, EMAIL
from carenet.reminders.channels.console import line_of
from carenet.reminders.models import Delivery, InboxEntry

#: As Celery is without our settings: a task of its own class, four messages fetched ahead.
app = Celery("stock", set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    worker_prefetch_multiplier=4,
    # 0: the connection to the database is closed after each task, which is Celery's default.
    db_reuse_max=int(os.environ.get("STOCK_TASKS_PER_CONNECTION", "0")),
)


@app.task
def tell(delivery_id: str, *, by_mail: bool = False) -> None:
    """Bring one message into the inbox and onto the console, and by mail where that is wanted."""
    delivery = Delivery.objects.select_related("reminder", "recipient", "agency").get(
        pk=UUID(delivery_id)
    )
    InboxEntry.objects.create(
        dedupe_key=delivery.dedupe_key,
        user_id=delivery.recipient_id,
        agency_id=delivery.agency_id,
        reminder_id=delivery.reminder_id,
        delivery=delivery,
    )
    os.write(1, line_of(delivery))
    if by_mail:
        CHANNELS[EMAIL].send(delivery)
