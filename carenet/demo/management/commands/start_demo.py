"""`manage.py start_demo`: let somebody be late and somebody be missed, each time the demo starts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from carenet.audit.actions import AuditContext, audit_context
from carenet.demo.startup import begin_the_day


class Command(BaseCommand):
    help = "Record the rounds since the demo last ran; a few people are late then, one is missed."

    def handle(self, *args: Any, **options: Any) -> None:
        del args, options
        with audit_context(AuditContext(in_turn=True)):
            begin_the_day()
