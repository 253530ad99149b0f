"""`manage.py end_api_client`: shuts a partner's system out, at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.accounts.actions.clients import end_client
from carenet.accounts.selectors import client_called
from carenet.agencies.management.output import as_command_error, in_both
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = "Ends an OAuth 2.0 client: its tokens and its secret open nothing any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client_id")

    def handle(self, *, client_id: str, **_options: Any) -> None:
        client = client_called(client_id)
        if client is None:
            message = _("There is no client with the id “{client_id}”.")
            raise CommandError(in_both(format_lazy(message, client_id=client_id)))
        try:
            end_client(client=client)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(f"{client.name} @ {client.agency.name}")
