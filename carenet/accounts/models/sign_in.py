"""What signing in leaves behind: tries that are counted, and codes that were handed out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from carenet.core import clock
from carenet.core.models import UUIDModel

DIGEST_LENGTH = 64
#: The purpose under which second factors are sealed.
SECOND_FACTOR_SEAL = "carenet.second-factor"


class SignInTry(models.Model):
    """One try to sign in, to type a code or to get a token; `key` is a digest of whose it is."""

    key = models.CharField(max_length=DIGEST_LENGTH)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        app_label = "agencies"
        indexes = [
            models.Index(fields=["key", "at"], name="sign_in_try_by_key"),
            models.Index(fields=["at"], name="sign_in_try_by_time"),
        ]

    def __str__(self) -> str:
        return self.key


class CodePurpose(models.TextChoices):
    """What a code that was handed out opens."""

    SECOND_FACTOR = "second_factor", _("set up an authenticator")
    PASSWORD = "password", _("set a new password")
    EMAIL = "email", _("prove an e-mail address")


#: What a manager or the operator hands out; the code for an address goes there by mail.
HANDED_OUT = (CodePurpose.SECOND_FACTOR, CodePurpose.PASSWORD)


class SignInCode(UUIDModel):
    """A code that was handed or sent to one person for one purpose, as a digest; it works once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=CodePurpose)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    # Which address is to be proved; empty for what is handed out, and once it is proved.
    address = models.CharField(max_length=254, blank=True, default="", db_default="")
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(used_at=None),
                name="one_unused_code_per_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"
