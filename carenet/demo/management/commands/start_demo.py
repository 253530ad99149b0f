"""`manage.py start_demo`: let something be late, and something escalate, each time the demo starts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from carenet.demo.starting import MISSED, begin


class Command(BaseCommand):
    help = "Open windows of the demo's watches that nobody will meet; before the workers start."

    def handle(self, *args: Any, **options: Any) -> None:
        for number, assignment in enumerate(begin()):
            word = "一分後に警報 / alert in a minute" if number < MISSED else "遅れる / late"
            self.stdout.write(f"{assignment.code}: {word}")
