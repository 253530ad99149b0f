"""How one is told of what waits: in which language, by mail or not, one mail a day or each at once."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from carenet.agencies.actions import choose_notifications
from carenet.agencies.models import User
from carenet.audit.actions import Who, current_context
from carenet.core.errors import CarenetError
from carenet.staff.pages.base import Elsewhere, blame, complete_sign_in
from carenet.staff.pages.sign_in import Private

#: What a form calls the three ways of a digest.
DIGESTS = {"": None, "yes": True, "no": False}


class NotificationForm(forms.Form):
    """What one chooses for oneself, for all agencies."""

    language = forms.ChoiceField(
        label=_("Language of mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    by_email = forms.BooleanField(label=_("Tell me by e-mail, too"), required=False)
    digest = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("", _("as each agency does it")),
            ("yes", _("one mail a day with everything")),
            ("no", _("each at once")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )


class NotificationsView(Private, LoginRequiredMixin, View):
    """The choices as they stand, and others."""

    http_method_names = ["get", "post", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            try:
                complete_sign_in(request, request.user)
            except Elsewhere as there:
                return redirect(there.address)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        digest = next(name for name, value in DIGESTS.items() if value == user.digest)
        chosen = {"language": user.language, "by_email": user.by_email, "digest": digest}
        return self.shown(NotificationForm(initial=chosen))

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        who = current_context().who = Who("user", str(user.pk))
        form = NotificationForm(request.POST)
        if form.is_valid():
            given = {**form.cleaned_data, "digest": DIGESTS[form.cleaned_data["digest"]]}
            try:
                with transaction.atomic():
                    choose_notifications(who=who, user=user, **given)
            except CarenetError as error:
                blame(form, error)
            else:
                return redirect(reverse("staff-notifications") + "?done")
        return self.shown(form, HTTPStatus.UNPROCESSABLE_ENTITY)

    def shown(self, form: forms.Form, status: int = 200) -> HttpResponse:
        """Answer with the form."""
        context = {"form": form, "done": "done" in self.request.GET}
        return render(self.request, "staff/sign_in/notifications.html", context, status=status)
