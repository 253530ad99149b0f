"""A restored database sends nothing until a person lets it: what went out after the dump would go again.

Three things give it away. The dump carries the name of the database that it was taken from
(`Sending.identity`): cluster, database and table, each of which `pg_restore` makes anew. Redis knows
how many sweeps there were: a copy of the disk has fewer. And whoever restores may say so (`pause`).
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import redis
from django.conf import settings
from django.db import connection, transaction

from carenet.agencies.actions.locks import SYSTEM
from carenet.audit.actions import log_write
from carenet.reminders.actions.digests import write_digests
from carenet.reminders.actions.due import fall_due_together
from carenet.reminders.channels import INBOX
from carenet.reminders.models import Sending
from carenet.reminders.selectors import is_paused, would_go_out
from carenet.reminders.states import DeliveryState, EngineReason

logger = logging.getLogger(__name__)
RESTORED, SET_BACK, SAID = "restored", "set_back", "said"
#: A server that is killed may lose as many sweeps that it had not yet written to disk.
SLACK = 10
REDIS_SECONDS = 1.0
KEPT_SECONDS = 90 * 86_400
_IDENTITY = """
    SELECT system_identifier || '.' || pg_database.oid || '.' || %s::regclass::oid
    FROM pg_control_system(), pg_database WHERE datname = current_database()
"""


def may_send(*, now: datetime) -> bool:
    """Whether messages may go out; pauses them for good when this database was restored."""
    mark = Sending.objects.values_list("mark", flat=True).first()
    known = _sweeps_known(mark) if mark else 0
    with transaction.atomic(durable=True):
        sending = _locked()
        if sending.paused_at is None:
            because = _why_restored(sending, known)
            if because:
                _pause(sending, because, now)
            else:
                sending.sweeps += 1
                sending.save(update_fields=["sweeps"])
    if sending.paused_at is None:
        _know_sweeps(sending)
    return sending.paused_at is None


def pause(*, now: datetime) -> None:
    """Send nothing until somebody lets it."""
    with transaction.atomic():
        sending = _locked()
        if sending.paused_at is None:
            _pause(sending, SAID, now)


def release() -> None:
    """Let messages go out: this database is the one that sends from now on."""
    with transaction.atomic():
        sending = _locked()
        sending.identity = _identity()
        # What Redis knows of the time before the restore is said of the old mark.
        sending.mark = Sending._meta.get_field("mark").get_default()
        sending.paused_at, sending.paused_because = None, ""
        sending.save()
        log_write(SYSTEM, "sending.release", "sending", sending.mark)


def settle_sent(*, until: datetime) -> int:
    """Count what fell due until then as sent before the restore; return how many messages that are.

    The inbox gets them all the same: what had arrived there is lost. Only while sending is paused;
    raises `ValueError` otherwise, for what would have gone out has gone out.
    """
    if not is_paused():
        raise ValueError("Sending is not paused.")
    while fall_due_together(now=until):
        pass
    write_digests(now=until)
    with transaction.atomic():
        settled = would_go_out(until).exclude(channel=INBOX).select_for_update(of=("self",))
        ids = list(settled.values_list("pk", flat=True))
        would_go_out(until).filter(pk__in=ids).order_by().update(
            state=DeliveryState.CANCELLED,
            reason=EngineReason.SENT_BEFORE_RESTORE,
            finished_at=until,
        )
        log_write(SYSTEM, "sending.settle", "delivery", *ids, until=until.isoformat())
    return len(ids)


def _locked() -> Sending:
    sending = Sending.objects.select_for_update(no_key=True).first()
    if sending is None:
        Sending.objects.bulk_create([Sending(identity=_identity())], ignore_conflicts=True)
        sending = Sending.objects.select_for_update(no_key=True).get()
    return sending


def _pause(sending: Sending, because: str, now: datetime) -> None:
    sending.paused_at, sending.paused_because = now, because
    sending.save(update_fields=["paused_at", "paused_because"])
    log_write(SYSTEM, "sending.pause", "sending", sending.mark, because=because)
    logger.error("Nothing is sent (%s) until `manage.py sending release`.", because)


def _why_restored(sending: Sending, known: int) -> str:
    if sending.identity != _identity():
        return RESTORED
    return SET_BACK if known > sending.sweeps + SLACK else ""


def _identity() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY, [Sending._meta.db_table])
        return str(cursor.fetchone()[0])


def _sweeps_known(mark: UUID) -> int:
    """Return how far the sweeps had come as Redis knows it, 0 when it does not."""
    try:
        with _redis() as client:
            return int(client.get(_key(mark)) or 0)
    except redis.RedisError:
        return 0


def _know_sweeps(sending: Sending) -> None:
    try:
        with _redis() as client:
            client.set(_key(sending.mark), sending.sweeps, ex=KEPT_SECONDS)
    except redis.RedisError:
        logger.warning("Redis was not told how far the sweeps have come.", exc_info=True)


def _redis() -> redis.Redis:
    return redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )


def _key(mark: UUID) -> str:
    return f"carenet:sweeps:{mark}"
