"""`/me/email/`: the address to which one's mails go, and the proof that one reads there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carenet.accounts.actions.email import ask_for_email, count_proof, prove_email, waiting_email
from carenet.accounts.selectors import has_just_signed_in
from carenet.agencies.api.me import MeViewSet
from carenet.agencies.models import User
from carenet.audit.actions import current_context
from carenet.core.errors import Forbidden
from carenet.rest.serializers import Input


class EmailSerializer(serializers.Serializer[Any]):
    """Where mails go now, and the address that waits for its proof."""

    email = serializers.CharField(help_text="Empty: nowhere.")
    waiting = serializers.CharField(help_text="Empty: none waits.")


class EmailInput(Input):
    """Where mails are to go; empty for nowhere."""

    email = serializers.EmailField(max_length=254, allow_blank=True)


class EmailCodeInput(Input):
    """The code that went to the new address."""

    code = serializers.CharField(max_length=40)


class EmailViewSet(MeViewSet):
    """A new address counts once its code has come back; the old one is told."""

    serializer_class = EmailSerializer  # type: ignore[assignment]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action == "prove":
            # Here, for what a refused request has done is rolled back.
            count_proof(_person(request))

    @extend_schema(responses=EmailSerializer)
    def retrieve(self, request: Request) -> Response:
        """Read where your mails go."""
        return self._shown(_person(request))

    @extend_schema(request=EmailInput, responses=EmailSerializer)
    def replace(self, request: Request) -> Response:
        """Ask for another address: a code goes there. It takes a sign-in of a few minutes ago."""
        user = _person(request)
        given = self.read_body(EmailInput)
        address = given["email"]
        if address != user.email and not has_just_signed_in(request, user):
            raise Forbidden(
                _("Say once more who you are before you change where your mails go."),
                basis=_("A sign-in within the last few minutes."),
                code="sign_in_again",
            )
        ask_for_email(who=current_context().who, user=user, address=address)
        return self._shown(user)

    @extend_schema(request=EmailCodeInput, responses=EmailSerializer)
    def prove(self, request: Request) -> Response:
        """Let the new address count, by the code that went there; the old one is told."""
        user = _person(request)
        return self._shown(
            prove_email(who=current_context().who, user=user, **self.read_body(EmailCodeInput))
        )

    def _shown(self, user: User) -> Response:
        user.refresh_from_db(fields=["email"])
        shown = {"email": user.email, "waiting": waiting_email(user)}
        return Response(self.get_serializer(shown).data)


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise Forbidden(
            _("A client gets no mails; there is nothing to choose."),
            basis=_("A session of a person."),
            code="not_a_person",
        )
    return request.user
