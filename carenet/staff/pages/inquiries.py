"""An inquiry at the desk: what is asked about whom, and the answer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.access.policy import choices_of_basis
from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.residents import actions, policy, selectors
from carenet.residents.models import Inquiry, InquiryState
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.pages.lawful_bases import (
    basis_words,
    check_consent_said,
    consent_said,
    consent_said_given_by,
    consent_said_method,
)
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction


class ShareForm(forms.Form):
    """On which ground the record is shown, and until when."""

    basis = forms.ChoiceField(
        label=gettext_lazy("On which basis"), choices=partial(choices_of_basis, "–")
    )
    reason = basis_words()
    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()
    until = TypedDay(
        label=gettext_lazy("Last day on which it is shown"),
        empty=gettext_lazy("As long as the service is set to if it is empty."),
        direction=Direction.AHEAD,
        required=False,
    )
    answer = text_field(gettext_lazy("What else is to be said"), 2000, rows=3, required=False)

    def clean(self) -> dict[str, Any]:
        check_consent_said(self)
        return super().clean() or {}


class DeclineForm(forms.Form):
    """Why nothing is shared."""

    answer = text_field(
        gettext_lazy("Why nothing is shared, and whom to ask instead"), 2000, rows=3
    )


class InquiryPage(FormPage):
    """One inquiry, as either side may read it; refused, an answer comes back as it was typed."""

    abilities = {"get": "residents.inquire"}
    template = "staff/inquiries/page.html"
    form_class: ClassVar[type[forms.Form]] = ShareForm
    declining = False

    def inquiry(self) -> Inquiry:
        found = selectors.inquiries(self.actor, []).select_related(
            "asked_by", "asked_of", "resident__registered_by"
        )
        return get_object_or_404(found, pk=self.kwargs["id"])

    def form(self, data: Any = None) -> forms.Form:
        return self.offering(answer_form(self.form_class, data))

    def offering(self, form: forms.Form) -> forms.Form:
        """Let the form offer the lawful bases that the actor may give."""
        field: Any = form.fields.get("basis")
        if field:
            field.choices = choices_of_basis("–", actor=self.actor)
        return form

    def context(self) -> dict[str, Any]:
        inquiry = self.inquiry()
        log_read("inquiry", inquiry.pk)
        known = policy.knows_about(self.actor, inquiry)
        person = None
        if known:
            person = policy.visible_to(self.actor).filter(pk=inquiry.resident_id).first()
        if person:
            log_read("resident", person.pk)
        rule = policy.can_answer_inquiry(self.actor, inquiry)
        waits = inquiry.stands == InquiryState.OPEN
        return {
            "inquiry": inquiry,
            "stands": inquiry.stands,
            "known": known,
            "person": person,
            "section": _section_of(inquiry) if known else None,
            "answering": waits and rule and self.actor.may("residents.answer_inquiry"),
            "other_form": self.offering(answer_form(ShareForm if self.declining else DeclineForm)),
            "declining": self.declining,
        }

    def seen(self) -> int:
        """Return the version that was looked at."""
        return seen_version(self.request, _("Open the inquiry again, and answer from there."))

    def done(self) -> str:
        return reverse("staff-inquiry", args=[self.kwargs["id"]])


class AnswerPage(InquiryPage):
    """Base of an answer; whoever comes back to its address sees the inquiry."""

    abilities = {"get": "residents.inquire", "post": "residents.answer_inquiry"}

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return redirect_to(request, self.done())

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        self.inquiry()  # 404 for one that is out of reach
        return super().post(request, **ids)


class ShareView(AnswerPage):
    """Let the agency that asks read the record, until a day."""

    def act(self, form: forms.Form) -> str:
        given = dict(form.cleaned_data)
        last = given.pop("until")
        if last:
            given["until"] = clock.midnight(last + timedelta(days=1))
        given["consent_said"] = consent_said(given)
        actions.share(actor=self.actor, inquiry_id=self.kwargs["id"], version=self.seen(), **given)
        return self.done()


class DeclineView(AnswerPage):
    """Share nothing, and say why."""

    form_class = DeclineForm
    declining = True

    def act(self, form: forms.Form) -> str:
        actions.decline(
            actor=self.actor,
            inquiry_id=self.kwargs["id"],
            version=self.seen(),
            **form.cleaned_data,
        )
        return self.done()


def _section_of(inquiry: Inquiry) -> Agency | None:
    """Return the section that keeps the record where its office's desk was asked instead of it."""
    keeper = inquiry.resident.registered_by
    return keeper if keeper.parent_id == inquiry.asked_of_id else None


def answer_form(form_class: type[forms.Form], data: Any = None) -> forms.Form:
    """Return one of the two forms of a page, whose fields have names of their own there."""
    return form_class(data, auto_id=f"{form_class.__name__}_%s")
