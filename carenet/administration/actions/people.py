"""A person who has no account gets one, with a place that they accept themselves."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction

from carenet.accounts.actions.accounts import create_account
from carenet.accounts.actions.sign_in import hand_out_code
from carenet.accounts.models import CodePurpose
from carenet.agencies.actions import invite
from carenet.agencies.actors import Administrator
from carenet.agencies.models import Agency, User
from carenet.agencies.roles import Role


@transaction.atomic
def enter_person(
    *,
    administrator: Administrator,
    agency: Agency | None,
    username: str,
    name: str,
    roles: Iterable[Role | str] = (),
) -> tuple[User, str]:
    """Give somebody an account, and invite them to `agency`, if one is named.

    Returns the account and the code by which the person sets their first password: nobody knows
    another one. Raises `Invalid` for a name that is taken, or a role that nobody can hold.
    """
    user = create_account(
        actor=administrator, username=username, name=name, password=secrets.token_urlsafe(32)
    )
    if agency:
        invite(actor=administrator, agency=agency, username=user.username, roles=roles)
    code = hand_out_code(actor=administrator, user=user, purpose=CodePurpose.PASSWORD)
    return user, code
