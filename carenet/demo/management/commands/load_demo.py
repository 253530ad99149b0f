"""`manage.py load_demo`: fill an empty installation with the demo, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from carenet.agencies.models import User
from carenet.audit.actions import AuditContext, audit_context
from carenet.demo.agencies import DOORS, PASSWORD
from carenet.demo.loader import load


class Command(BaseCommand):
    help = "Load the demo and write its accounts to a file; does nothing when it is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", required=True)
        parser.add_argument("--write", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["write"]
        known = json.loads(path.read_text("utf-8")) if path.exists() else None
        if User.objects.exists():
            if known is None:
                raise CommandError(
                    f"{path} がありません。「python3 run.py clean」で初めからやり直してください。\n"
                    f"{path} is missing, and secrets are kept nowhere else. "
                    "Start afresh with “python3 run.py clean”."
                )
            self._write(path, known | _address(options["base_url"]))
            return
        with transaction.atomic(), audit_context(AuditContext(in_turn=True)):
            demo = load(self.stdout.write)
            self._write(
                path,
                {
                    **_address(options["base_url"]),
                    "accounts": demo.accounts,
                    "clients": demo.clients,
                },
            )

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _address(base_url: str) -> dict[str, Any]:
    doors = [
        {
            "page": door["page"],
            "address": base_url + door["path"],
            "username": door["username"],
            "password": PASSWORD,
        }
        for door in DOORS
    ]
    return {"base_url": base_url, "pages": doors}
