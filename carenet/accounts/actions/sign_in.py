"""Signing in: tries are counted, a code of an authenticator or one that was handed out works once.

Counting is in the database: whoever cannot be counted is not let in, whatever Redis does.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from hmac import compare_digest

from allauth.core.internal.cryptokit import (
    compare_user_code,
    generate_user_code,
    normalize_user_code,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _l

from carenet.accounts import policy
from carenet.accounts.actions.passwords import demand_strong
from carenet.accounts.models import BrowserSession, CodePurpose, SignInCode, SignInTry
from carenet.accounts.models.sign_in import SECOND_FACTOR_SEAL
from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import Membership, User
from carenet.audit.actions import Who, acting_as, current_context, log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid, TooManyTries
from carenet.rest.encryption import Unreadable, is_current_key
from carenet.rest.throttles import network_of

logger = logging.getLogger(__name__)
CODE_LENGTH = 12
_WRONG_CODE = _l("This code is not valid. Ask whoever gave it to you for a new one.")
#: Where an authenticator keeps the counter of the last code that was taken (RFC 6238, 5.2).
LAST_COUNTER = "last_counter"


def count_try(purpose: str, subject: str, *, most: int, alone: bool = False) -> SignInTry:
    """Count one try and return it; `subject` is whose it is, kept as a digest.

    `alone` judges one try of a subject at a time. Raises `TooManyTries` after `most` tries within
    `SIGN_IN_TRIES_SECONDS`, and for a second try while the first is still judged.
    """
    key = _key(purpose, subject)
    if alone and not _taken(key):
        raise TooManyTries(retry_after=1)
    within = timedelta(seconds=settings.SIGN_IN_TRIES_SECONDS)
    now = clock.now()
    tries = SignInTry.objects.filter(key=key, at__gt=now - within)
    if tries.count() >= most:
        raise TooManyTries(retry_after=settings.SIGN_IN_TRIES_SECONDS)
    return SignInTry.objects.create(key=key, at=now)


def count_try_of_caller(purpose: str, *, most: int) -> SignInTry:
    """Count one try of the network that asks, and return it; raises `TooManyTries`."""
    return count_try(purpose, network_of(current_context().address or ""), most=most)


def forget_tries(purpose: str, subject: str) -> None:
    """Forget the tries of somebody who was let in."""
    SignInTry.objects.filter(key=_key(purpose, subject)).delete()


def forget_old_tries() -> None:
    """Delete the tries that count no longer."""
    within = timedelta(seconds=settings.SIGN_IN_TRIES_SECONDS)
    SignInTry.objects.filter(at__lte=clock.now() - within).delete()


def forget_old_addresses() -> None:
    """Delete the addresses that nobody has proved in time."""
    over = SignInCode.objects.filter(purpose=CodePurpose.EMAIL, until__lte=clock.now())
    over.delete()


def accept_code(*, user: User, code: str) -> Authenticator | None:
    """Return the authenticator or the recovery codes that a code is of; None for a wrong or used one.

    A code of an authenticator counts only after the last one that was taken. The row is locked, so
    that the same code at the same moment is taken once. Raises `TooManyTries`.
    """
    count_try("code", str(user.pk), most=settings.SIGN_IN_TRIES, alone=True)
    with transaction.atomic():
        found = _accepting(user, code)
    if found:
        forget_tries("code", str(user.pk))
    return found


def _accepting(user: User, code: str) -> Authenticator | None:
    own = Authenticator.objects.select_for_update().filter(user=user).order_by("pk")
    for authenticator in own.exclude(type=Authenticator.Type.WEBAUTHN):
        if _accepts(authenticator, code):
            return authenticator
    return None


def note_code(*, user: User, code: str) -> None:
    """Note that a code has set an authenticator up: it opens nothing any more."""
    own = Authenticator.objects.select_for_update().filter(user=user)
    for authenticator in own.filter(type=Authenticator.Type.TOTP):
        _accepts(authenticator, code)


@transaction.atomic
def remove_second_factor(*, user: User) -> None:
    """Take authenticator and recovery codes from an account: the operator's deed, after a loss.

    Every session of the account ends.
    """
    Authenticator.objects.filter(user=user).delete()
    BrowserSession.objects.filter(user=user).delete()
    log_write(who_of(None), "account.remove_second_factor", "user", user.pk)


@transaction.atomic
def hand_out_code(
    *,
    actor: DirectoryKeeper,
    user: User,
    purpose: CodePurpose,
    membership: Membership | None = None,
) -> str:
    """Return a new code for a person, which replaces an unused one; it ends with its days.

    A manager hands one to a member of their own agency who acts for no other one; the operator to
    anybody. Raises `Forbidden`.
    """
    demand(policy.can_hand_out_code(actor, user, membership))
    SignInCode.objects.filter(user=user, purpose=purpose, used_at=None).delete()
    code: str = generate_user_code(length=CODE_LENGTH)
    until = clock.now() + timedelta(days=settings.SIGN_IN_CODE_DAYS)
    SignInCode.objects.create(user=user, purpose=purpose, digest=digest_of(code), until=until)
    log_write(who_of(actor), "account.hand_out_code", "user", user.pk, purpose=str(purpose))
    return code


def use_code(*, user: User, purpose: CodePurpose, code: str) -> SignInCode:
    """Use up a code that was handed out or sent; raises `Invalid` for a wrong one, `TooManyTries`.

    The try stays counted when the code is refused.
    """
    count_code(user=user, purpose=purpose)
    with transaction.atomic():
        return use_counted_code(user=user, purpose=purpose, code=code)


def count_code(*, user: User, purpose: CodePurpose) -> None:
    """Count a try of a code, before what is rolled back when it is wrong; raises `TooManyTries`."""
    count_try(f"handed-{purpose}", str(user.pk), most=settings.SIGN_IN_TRIES, alone=True)


def use_counted_code(*, user: User, purpose: CodePurpose, code: str) -> SignInCode:
    """Use up a code whose try was counted before; raises `Invalid` for a wrong one."""
    found = SignInCode.objects.select_for_update().filter(
        user=user, purpose=purpose, used_at=None, until__gt=clock.now()
    )
    handed = found.first()
    if handed is None or not _is_of(handed, code):
        raise Invalid({"code": _WRONG_CODE})
    handed.used_at = clock.now()
    handed.save(update_fields=["used_at"])
    who = Who("user", str(user.pk))
    with acting_as(who):
        log_write(who, "account.use_code", "user", user.pk, purpose=str(purpose))
    return handed


def _is_of(handed: SignInCode, code: str) -> bool:
    """Whether a code is the one whose digest was stored, under this key or one before it."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(compare_digest(handed.digest, digest_of(code, key)) for key in keys)


def reset_password(*, username: str, code: str, password: str) -> None:
    """Set a new password with a code that was handed out; every session of the account ends.

    Raises `Invalid` for a wrong code or name, in the same words, and for a weak password, which does
    not use the code up; `TooManyTries`.
    """
    count_try("forgotten", username, most=settings.SIGN_IN_TRIES, alone=True)
    demand_strong(password, User(username=username))
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Invalid({"code": _WRONG_CODE})
    with transaction.atomic():
        use_counted_code(user=user, purpose=CodePurpose.PASSWORD, code=code)
        set_password(user=user, password=password)


@transaction.atomic
def set_password(*, user: User, password: str, first: bool = False, who: Who | None = None) -> None:
    """Give an account another password; `first` when somebody else knows it.

    `who` has done it, the person without one. A session is bound to the password: all of them end.
    Raises `Invalid` for a weak one.
    """
    demand_strong(password, user)
    user.set_password(password)
    user.password_is_first = first
    user.save(update_fields=["password", "password_is_first"])
    who = who or Who("user", str(user.pk))
    with acting_as(who):
        log_write(who, "account.set_password", "user", user.pk)


@transaction.atomic
def seal_second_factors_again() -> tuple[int, int]:
    """Seal what older keys have sealed under the present one.

    Returns how many were sealed, and how many no key of the settings opens.
    """
    done = unreadable = 0
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        try:
            done += _seal_again(authenticator)
        except Unreadable:
            unreadable += 1
    log_write(who_of(None), "account.seal_again", "user", done=done, unreadable=unreadable)
    return done, unreadable


def _seal_again(authenticator: Authenticator) -> bool:
    """Seal one again that is not under the present key; raises `Unreadable`."""
    old = {
        name: value
        for name in ("secret", "seed")
        if (value := authenticator.data.get(name)) and not is_current_key(SECOND_FACTOR_SEAL, value)
    }
    for name, value in old.items():
        authenticator.data[name] = encrypt(decrypt(value))
    if old:
        authenticator.save(update_fields=["data"])
    return bool(old)


def _accepts(authenticator: Authenticator, code: str) -> bool:
    """Whether it takes the code; one that no key opens any more takes none."""
    try:
        return _takes(authenticator, code)
    except Unreadable:
        logger.exception("A second factor was sealed under a key that is not in the settings.")
        return False


def _takes(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type != Authenticator.Type.TOTP:
        return bool(authenticator.wrap().validate_code(code))
    counter = _counter_of(decrypt(authenticator.data["secret"]), code)
    if counter is None or counter <= authenticator.data.get(LAST_COUNTER, -1):
        return False
    authenticator.data[LAST_COUNTER] = counter
    authenticator.save(update_fields=["data"])
    return True


def _counter_of(secret: str, code: str) -> int | None:
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


def _taken(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        [got] = cursor.fetchone()
    return bool(got)


def _key(purpose: str, subject: str) -> str:
    return salted_hmac(f"carenet.try.{purpose}", subject, algorithm="sha256").hexdigest()


def digest_of(code: str, key: str | None = None) -> str:
    """Return what is stored of a code: its digest under `SECRET_KEY`, or under an older key."""
    typed = normalize_user_code(code)
    return salted_hmac("carenet.code", typed, secret=key, algorithm="sha256").hexdigest()
