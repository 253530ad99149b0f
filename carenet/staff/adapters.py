"""How the second factor is kept: encrypted, so that a copy of the table opens nothing."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from carenet.accounts.models.sign_in import SECOND_FACTOR_SEAL
from carenet.rest.encryption import seal, unseal


class SecondFactor(DefaultMFAAdapter):
    """Secrets of authenticators and seeds of recovery codes, sealed (`carenet.rest.encryption`)."""

    def encrypt(self, text: str) -> str:
        return seal(SECOND_FACTOR_SEAL, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(SECOND_FACTOR_SEAL, encrypted_text)
