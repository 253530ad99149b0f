"""`manage.py create_api_client`: lets a partner's system in, for one agency."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carenet.accounts.actions.clients import create_client
from carenet.agencies.management.arguments import chosen_agency
from carenet.agencies.management.output import as_command_error
from carenet.agencies.roles import Scope
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Makes an OAuth 2.0 client (client credentials) for an agency. Its secret is shown once "
        "and kept as a hash only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="id, office number or name")
        parser.add_argument("--name", required=True, help="what the system is called")
        parser.add_argument("--scopes", required=True, nargs="+", choices=Scope.values)

    def handle(self, *, agency: str, name: str, scopes: list[str], **_options: Any) -> None:
        try:
            client, secret = create_client(agency=chosen_agency(agency), name=name, scopes=scopes)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(f"client_id={client.client_id}")
        self.stdout.write(f"client_secret={secret}")
