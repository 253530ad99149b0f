"""`manage.py end_member`: ends a person's place in one agency; an auditor's with a manager's consent."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actions import end_membership
from carenet.agencies.management.arguments import chosen_account, chosen_agency
from carenet.agencies.management.output import as_command_error, in_both
from carenet.agencies.models import Membership
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Ends a person's place in an agency, at once; the account stays. An auditor's place ends by "
        "two people: --agreed-by names the manager of the agency who has agreed, for the trail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--agency", required=True, help="id, office number or name")
        parser.add_argument("--agreed-by", default="", help="user name of a manager of the agency")

    def handle(self, *, username: str, agency: str, agreed_by: str, **_options: Any) -> None:
        chosen, user = chosen_agency(agency), chosen_account(username)
        manager = chosen_account(agreed_by) if agreed_by else None
        membership = Membership.objects.lasting().filter(agency=chosen, user=user).first()
        if membership is None:
            raise CommandError(in_both(_("This person has no place in this agency.")))
        try:
            end_membership(actor=None, membership=membership, agreed_by=manager)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(f"{user.username} @ {chosen.name}")
