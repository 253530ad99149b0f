"""How the second factor is kept: encrypted, so that a copy of the table opens nothing."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class SecondFactor(DefaultMFAAdapter):
    """Secrets of authenticators, under a key that is drawn from `SECRET_KEY`.

    Those of `SECRET_KEY_FALLBACKS` still open what they have sealed.
    """

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet(
        [_keyed(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _keyed(secret: str) -> Fernet:
    key = sha256(b"carenet.second-factor:" + secret.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
