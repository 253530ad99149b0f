"""`manage.py create_member`: a new account with its place in an agency, or an invitation to one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carenet.accounts.actions.accounts import create_account
from carenet.accounts.management.passwords import typed_password
from carenet.agencies.actions import add_member, invite
from carenet.agencies.management.arguments import chosen_agency
from carenet.agencies.management.output import as_command_error, in_both
from carenet.agencies.models import User
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.agencies.selectors import account_named
from carenet.core.errors import CarenetError

ROLES = [role.value for role in Role if role in HUMAN_ROLES]


class Command(BaseCommand):
    help = (
        "Gives a person a place in an agency. Whoever has no account gets one: the password is "
        "asked for, or read from standard input. Whoever has one is invited, and accepts it; an "
        "auditor is always invited, once a manager of the agency has agreed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="for a new account: the person's name")
        parser.add_argument("--agency", required=True, help="id, office number or name")
        parser.add_argument("--roles", required=True, nargs="+", choices=ROLES)

    def handle(
        self, *, username: str, name: str, agency: str, roles: list[str], **_options: Any
    ) -> None:
        chosen = chosen_agency(agency)
        known = account_named(username)
        invited = known is not None or Role.AUDITOR in roles
        try:
            with transaction.atomic():
                user = known or self._new_account(username, name)
                if invited:
                    invite(actor=None, agency=chosen, username=user.username, roles=roles)
                else:
                    add_member(actor=None, agency=chosen, user=user, roles=roles)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(f"{user.username} @ {chosen.name}: {', '.join(roles)}")
        if invited:
            self.stderr.write(in_both(_("Invited: it holds once it is accepted.")))

    def _new_account(self, username: str, name: str) -> User:
        if not name:
            raise CommandError(in_both(_("A new account needs the person's name: --name.")))
        return create_account(
            username=username, name=name, password=typed_password(), password_is_first=True
        )
