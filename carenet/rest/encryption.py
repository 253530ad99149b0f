"""Sealing what a copy of the database must not show, under keys drawn from `SECRET_KEY`.

What is sealed names its key: `1.<name of the key>.<Fernet token>`. So it is known which older keys are
still needed, and an operator may take one out of `SECRET_KEY_FALLBACKS` once nothing names it any more.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

#: How it is sealed now. What has no version was sealed before keys had names.
_VERSION = "1"
_NAME_LENGTH = 8


class Unreadable(Exception):
    """No key of the settings opens it: the one that sealed it was taken out."""


def seal(purpose: str, text: str) -> str:
    """Return `text` sealed under the present key; another purpose does not open it."""
    key = _key(purpose, settings.SECRET_KEY)
    return f"{_VERSION}.{_name(key)}.{Fernet(key).encrypt(text.encode()).decode()}"


def unseal(purpose: str, sealed: str) -> str:
    """Return what was sealed, under the present key or an older one; raises `Unreadable`."""
    keys = [_key(purpose, each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    version, _dot, rest = sealed.partition(".")
    if rest and version != _VERSION:
        raise Unreadable
    if rest:
        name, _dot, token = rest.partition(".")
        keys = [key for key in keys if _name(key) == name]
    else:
        token = sealed
    if not keys:
        raise Unreadable
    try:
        return MultiFernet([Fernet(key) for key in keys]).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def is_current_key(purpose: str, sealed: str) -> bool:
    """Whether it is sealed under the present key, as this release seals."""
    return sealed.startswith(f"{_VERSION}.{_name(_key(purpose, settings.SECRET_KEY))}.")


def _key(purpose: str, secret: str) -> bytes:
    return urlsafe_b64encode(sha256(f"{purpose}:{secret}".encode()).digest())


def _name(key: bytes) -> str:
    """Return how a key is called, which tells nothing of it."""
    return sha256(b"carenet.key-name:" + key).hexdigest()[:_NAME_LENGTH]
