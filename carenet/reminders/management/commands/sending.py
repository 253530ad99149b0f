"""`manage.py sending`: whether messages go out, what would, and what went out before a restore."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from carenet.core import clock
from carenet.reminders.actions import pause, release, settle_sent
from carenet.reminders.models import Sending
from carenet.reminders.selectors import would_fall_due, would_go_out


class Command(BaseCommand):
    help = (
        "Shows whether reminders go out, and what would. After a restore nothing does: `settle "
        "--until TIME` counts as sent what fell due until the old service stopped, `release` lets "
        "the rest go out. `pause` stops sending."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", default="show",
                            choices=["show", "settle", "release", "pause"])  # fmt: skip
        parser.add_argument("--until", help="for settle: 2026-11-29T18:05+09:00")

    def handle(self, *, what: str, until: str | None, **_options: Any) -> None:
        if what == "settle":
            self._settle(_moment(until))
        elif what == "release":
            release()
        elif what == "pause":
            pause(now=clock.now())
        self._show()

    def _settle(self, until: datetime) -> None:
        try:
            count = settle_sent(until=until)
        except ValueError as error:
            raise CommandError(
                "送信は停止していません。 / Nothing to settle: sending is not paused."
            ) from error
        self.stdout.write(f"送信済みとしました / settled as sent: {count}")

    def _show(self) -> None:
        now = clock.now()
        due, waiting = would_fall_due(now), would_go_out(now)
        for each in due:
            self.stdout.write(f"{each.due_at:%Y-%m-%d %H:%M} {each.kind} {each.subject_code}")
        for message in waiting:
            at, reminder = message.next_try_at, message.reminder
            self.stdout.write(
                f"{at:%Y-%m-%d %H:%M} {reminder.kind} {reminder.subject_code} {message.channel}"
            )
        self.stdout.write(
            f"期限の来たリマインダー / reminders due: {len(due)}, "
            f"送信待ち / messages waiting: {len(waiting)}"
        )
        paused = Sending.objects.filter(paused_at__isnull=False).first()
        if paused is None:
            self.stdout.write("送信しています / sending")
        else:
            self.stdout.write(
                f"送信を停止しています / paused since {paused.paused_at:%Y-%m-%d %H:%M} UTC "
                f"({paused.paused_because})"
            )


def _moment(given: str | None) -> datetime:
    """Return the moment until which the old service sent; raises `CommandError` for any other words."""
    try:
        moment = parse_datetime(given or "")
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(
            "--until に日時を指定してください。 / --until needs a time: 2026-11-29T18:05+09:00"
        )
    moment = moment.replace(tzinfo=clock.ZONE) if is_naive(moment) else moment
    if moment > clock.now():
        raise CommandError("未来の日時です。 / --until lies in the future.")
    return moment
