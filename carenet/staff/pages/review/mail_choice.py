"""Whether one wants the numbers of the review by mail, once a week."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from carenet.staff.actions import weekly_mail as actions
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.review.weekly_mail import text


class MailChoiceView(StaffView):
    """Begin or end the weekly mail, and see what the next one would say."""

    abilities = {"get": "watch.review", "post": "watch.review"}

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "row": actions.wanted_by(self.actor),
            "sends": bool(settings.EMAIL_HOST),
            "address": self.actor.user.email if self.actor.user else "",
            "text": text(self.actor),
            "done": "done" in request.GET,
        }
        return self.show("staff/review/mail_choice.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.choose(actor=self.actor, wanted=request.POST.get("wanted") == "yes")
        return redirect_to(request, f"{reverse('staff-review-mail')}?done")
