"""Accounts: the operator gives them, and shuts a person out."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.accounts.actions.passwords import demand_strong
from carenet.agencies import policy
from carenet.agencies.actions.locks import demand_valid, lock_agency, who_of
from carenet.agencies.actions.members import end_place
from carenet.agencies.actors import Actor, DirectoryKeeper
from carenet.agencies.models import Membership, User
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Conflict


@transaction.atomic
def create_account(
    *,
    actor: DirectoryKeeper = None,
    username: str,
    name: str,
    password: str,
    name_kana: str = "",
    qualification: str = "",
    password_is_first: bool = False,
) -> User:
    """Give a person an account; what they may do comes with their memberships.

    `password_is_first`: somebody else has thought of the password, and it is changed before
    anything is opened with it. Raises `Invalid` for a user name that is taken or a password that is
    too weak.
    """
    demand(policy.can_keep_directory(actor))
    user = User(
        username=User.normalize_username(username),
        name=name,
        name_kana=name_kana,
        qualification=qualification,
        password_is_first=password_is_first,
    )
    demand_valid(user, exclude=("password",))
    demand_strong(password, user)
    user.set_password(password)
    user.save(force_insert=True)
    log_write(who_of(actor), "account.create", "user", user.pk)
    return user


@transaction.atomic
def disable_account(*, actor: Actor | None = None, user: User) -> User:
    """Shut a person out at once: every membership ends, no session or password opens anything.

    What they had in hand goes to whoever comes next (`carenet.agencies.registry`). Raises `Conflict`
    for an account that is disabled already.
    """
    demand(policy.can_keep_directory(actor))
    for membership in Membership.objects.filter(user=user).order_by("agency_id"):
        lock_agency(membership.agency)
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not held.is_active:
        raise Conflict(_("This account is disabled already."))
    # A session is bound to the password: none survives, should the account be enabled again.
    held.is_active = False
    held.set_unusable_password()
    held.save(update_fields=["is_active", "password"])
    log_write(who_of(actor), "account.disable", "user", held.pk)
    for membership in Membership.objects.lasting().filter(user=user).order_by("agency_id"):
        end_place(actor, membership)
    return held
