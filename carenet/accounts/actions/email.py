"""The address to which a person's mails go: it changes once somebody has proved that they read there.

A code goes to the new address; with it the address changes, and the old one is told.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from allauth.core.internal.cryptokit import generate_user_code
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from carenet.accounts.actions.sign_in import (
    CODE_LENGTH,
    count_code,
    count_try,
    digest_of,
    use_counted_code,
)
from carenet.accounts.models import CodePurpose, SignInCode
from carenet.agencies.actions.mail import send_mail
from carenet.agencies.models import User
from carenet.audit.actions import Who, log_write
from carenet.core import clock
from carenet.core.errors import Conflict, Invalid

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_for_email(*, who: Who, user: User, address: str) -> SignInCode | None:
    """Send a code to a new address, or take the present one away at once when `address` is empty.

    The caller has made sure that the person has just said who they are. Returns what waits for its
    proof. Raises `Invalid` for what is no address, `Conflict` while no mail can be sent,
    `TooManyTries`.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    SignInCode.objects.filter(user=locked, purpose=CodePurpose.EMAIL, used_at=None).delete()
    log_write(who, "account.ask_for_email", "user", locked.pk, empty=not address)
    if address in {"", locked.email}:
        if not address and locked.email:
            _replace(who, locked, "")
        return None
    _demand_address(address)
    count_try("email", str(user.pk), most=settings.SIGN_IN_TRIES)
    code: str = generate_user_code(length=CODE_LENGTH)
    asked = SignInCode.objects.create(
        user=locked,
        purpose=CodePurpose.EMAIL,
        digest=digest_of(code),
        address=address,
        until=clock.now() + timedelta(hours=settings.EMAIL_PROOF_HOURS),
    )
    with override(locked.language):
        told = _(
            "Somebody has asked carenet to send mails to this address. If that was you, type this "
            "code at %(where)s within %(hours)s hours. If not, do nothing."
        ) % {"where": _page(), "hours": settings.EMAIL_PROOF_HOURS}
        send_mail(address, _("Code for your address"), f"{told}\n\n{code}\n")
    return asked


@transaction.atomic
def prove_email(*, who: Who, user: User, code: str) -> User:
    """Change the address to the one that received this code; the old one is told.

    The caller has counted the try (`count_proof`). Raises `Invalid` for a wrong code, `Conflict` while
    no mail can be sent.
    """
    used = use_counted_code(user=user, purpose=CodePurpose.EMAIL, code=code)
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _replace(who, locked, used.address)
    used.address = ""
    used.save(update_fields=["address"])
    return locked


def count_proof(user: User) -> None:
    """Count a try of the code, in a transaction that stays when it is wrong; raises `TooManyTries`."""
    count_code(user=user, purpose=CodePurpose.EMAIL)


def waiting_email(user: User) -> str:
    """Return the address that waits for its proof, "" for none."""
    waiting = SignInCode.objects.filter(
        user=user, purpose=CodePurpose.EMAIL, used_at=None, until__gt=clock.now()
    )
    return waiting.values_list("address", flat=True).first() or ""


def _replace(who: Who, user: User, address: str) -> None:
    old, user.email = user.email, address
    user.save(update_fields=["email"])
    log_write(who, "account.change_email", "user", user.pk, removed=not address)
    if not old:
        return
    with override(user.language):
        told = _(
            "The mails of your account no longer come to this address. If you have not changed it "
            "yourself, tell the manager of your agency or the operator of the service at once."
        )
        try:
            send_mail(old, _("Your address was changed"), told)
        except Invalid:
            # A mailbox that is gone must not keep its owner from leaving it.
            logger.warning("The former address of an account takes no mail any more.")


def _demand_address(address: str) -> None:
    if not address.isascii():
        raise Invalid({"email": _("Give an address that consists of ASCII characters only.")})
    if not settings.EMAIL_HOST:
        raise Conflict(
            _("This installation sends no mail, so no address can be proved."), code="mail_off"
        )


def _page() -> str:
    return f"{settings.PUBLIC_URL}{reverse('staff-email')}"
