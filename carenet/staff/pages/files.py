"""Files of a referral: added on its page, downloaded, taken away from a draft."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.referrals import selectors
from carenet.referrals.actions import attachments
from carenet.referrals.actions.attachment_download import download
from carenet.referrals.models import Attachment
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.referral_files import FileForm, files_of
from carenet.staff.pages.referrals import referral_context


def the_file(actor: Actor, referral_id: UUID, file_id: UUID) -> Attachment:
    """Return a file of a visible referral; raises `Http404` for any other."""
    referral = get_object_or_404(selectors.single(actor), pk=referral_id)
    return get_object_or_404(selectors.attachments(actor, referral), pk=file_id)


class FilesView(FormPage):
    """Add a file. For htmx the files alone come back: what is typed elsewhere on the page stays."""

    abilities = {"get": "referrals.view", "post": "referrals.attach"}

    @property
    def template(self) -> str:  # type: ignore[override]
        part = getattr(self.request, "htmx", False)
        return "staff/referrals/files.html" if part else "staff/referrals/page.html"

    def form(self, data: Any = None) -> Any:
        return FileForm(data, None if data is None else self.request.FILES)

    def context(self) -> dict[str, Any]:
        part = getattr(self.request, "htmx", False)
        shown = self.files() if part else referral_context(self.actor, self.kwargs["id"])
        return {**shown, "adding": True}

    def files(self) -> dict[str, Any]:
        """Return what the part of the page shows that is about files."""
        referral = get_object_or_404(selectors.single(self.actor), pk=self.kwargs["id"])
        log_read("referral", referral.pk)
        return {"referral": referral, "files": files_of(self.actor, referral)}

    def act(self, form: Any) -> str:
        attachments.attach(
            actor=self.actor, referral_id=self.kwargs["id"], file=form.cleaned_data["file"]
        )
        return reverse("staff-referral", args=[self.kwargs["id"]]) + "#files-title"

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        answer = super().post(request, **ids)
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return self.show("staff/referrals/files.html", {**self.files(), "added": True})
        return answer


class FileView(StaffView):
    """The content of a file: to be kept, never opened in the page's place."""

    abilities = {"get": "referrals.view"}

    def get(self, request: HttpRequest, id: UUID, file: UUID) -> HttpResponse:
        return download(the_file(self.actor, id, file))


class TakeAwayView(FormPage):
    """Take a file away from a draft, after one look at what goes."""

    abilities = {"get": "referrals.draft", "post": "referrals.draft"}
    form_class = forms.Form
    template = "staff/referrals/take_away.html"

    def context(self) -> dict[str, Any]:
        file = the_file(self.actor, self.kwargs["id"], self.kwargs["file"])
        log_read("referral", file.referral_id)
        return {"file": file, "referral": file.referral}

    def act(self, form: Any) -> str:
        ids = self.kwargs
        attachments.remove(actor=self.actor, referral_id=ids["id"], attachment_id=ids["file"])
        return reverse("staff-referral", args=[ids["id"]]) + "#files-title"
