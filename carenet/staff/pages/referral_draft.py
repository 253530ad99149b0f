"""A draft is put right before it is sent: what was prepared, or what rerouting has left open.

A rerouted referral takes over its words; to whom it discloses them on which basis, and until when an
answer is wanted, its sender decides anew.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carenet.access.policy import choices_of_basis
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.audit.actions import log_read
from carenet.cases.models import Urgency
from carenet.core.errors import Conflict
from carenet.referrals import policy, selectors
from carenet.referrals.actions import drafts
from carenet.referrals.models import Need, Referral
from carenet.referrals.states import ReferralKind, ReferralStatus
from carenet.residents.policy import consents_visible_to
from carenet.staff.pages.agency_choice import AgencyField
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.pages.lawful_bases import basis_words
from carenet.staff.pages.recipients import addressee_called
from carenet.staff.pages.referral_forms import LONG, SHORT, seen_referral_version
from carenet.staff.pages.versions import version_in
from carenet.staff.times import Direction

WISHES = 2000
#: What the form shows as the draft has it.
PLAIN = (
    "kind", "need", "need_text", "urgency", "reason", "summary", "requested_service",
    "wishes_of_person", "wishes_of_family", "how_to_contact", "sharing_basis", "basis_words",
    "discloses_address",
)  # fmt: skip


class DraftForm(forms.Form):
    """What a referral says before it is frozen."""

    receiver: Any = AgencyField(label=_("To which agency"))
    addressee = forms.CharField(
        label=_("Which person there it is for, by full name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "The case is restricted: besides those who are named to it, only this person will see it."
        ),
    )
    kind = forms.ChoiceField(label=_("What moves"), choices=ReferralKind.choices)
    need = forms.ChoiceField(label=_("What is asked of it"), choices=Need.choices)
    need_text = text_field(_("Need in words"), WISHES, required=False)
    urgency = forms.ChoiceField(
        label=_("How soon somebody must act"), choices=Urgency.choices, widget=forms.RadioSelect
    )
    sharing_basis = forms.ChoiceField(
        label=_("On which basis it may know this"),
        choices=partial(choices_of_basis, _("Choose")),
        required=False,
    )
    basis_words = basis_words()
    consent: Any = forms.ModelChoiceField(
        label=_("The word of the person on which it rests"),
        queryset=None,
        required=False,
        empty_label=_("None, or the one on record that covers it"),
    )
    discloses_address = forms.BooleanField(
        label=_("Disclose the protected address to it"), required=False
    )
    answer_wanted_by = TypedDay(
        label=_("Answer wanted by"), required=False, direction=Direction.AHEAD
    )
    reason = text_field(_("Reason"), SHORT)
    summary = text_field(_("Summary"), LONG, required=False)
    requested_service = forms.CharField(
        label=_("Service asked for"), max_length=300, required=False
    )
    wishes_of_person = text_field(_("Wishes of the person"), WISHES, required=False)
    wishes_of_family = text_field(_("Wishes of the family"), WISHES, required=False)
    how_to_contact = text_field(_("How to contact"), WISHES, required=False)

    def __init__(self, data: Any, *, actor: Actor, referral: Referral) -> None:
        wanted = referral.answer_wanted_by
        self.wanted_on = timezone.localdate(wanted) if wanted else None
        initial = {name: getattr(referral, name) for name in PLAIN} | {
            "receiver": str(referral.receiver_id or ""),
            "addressee": referral.addressee.name if referral.addressee else "",
            "consent": referral.consent_id,
            "answer_wanted_by": self.wanted_on and self.wanted_on.isoformat(),
        }
        super().__init__(data, initial=initial, auto_id="draft-%s")
        self.referral = referral
        fields: dict[str, Any] = self.fields
        fields["receiver"].offer(actor, but=[referral.sender_id])
        fields["receiver"].required = not referral.to_pool
        if not referral.resident.address_protected:
            del fields["discloses_address"]
        if not referral.case.restricted:
            del fields["addressee"]
        fields["sharing_basis"].choices = choices_of_basis(
            _("Choose"), actor=actor, resident_id=referral.resident_id, case_id=referral.case_id
        )
        self._offer_consents(actor)

    def _offer_consents(self, actor: Actor) -> None:
        on_record = consents_visible_to(actor).filter(resident=self.referral.resident_id)
        field: Any = self.fields["consent"]
        field.queryset = on_record.order_by("-id")
        field.label_from_instance = lambda each: f"{each.stated_on} {each.get_pole_display()}"

    def changes(self) -> dict[str, Any]:
        """Return what the action is told: all that stands here, and no receiver for a pool.

        Raises `Invalid` for an addressee whom the receiver does not have.
        """
        given = dict(self.cleaned_data)
        if "addressee" in given:
            given["addressee"] = self._addressee(given["addressee"], given["receiver"])
        given["answer_wanted_by"] = self._wanted(given["answer_wanted_by"])
        if not given["receiver"]:
            del given["receiver"]
        return given

    def _addressee(self, name: str, chosen: Agency | None) -> User | None:
        """Return who is meant at the agency that is chosen now; whoever was named already stays."""
        receiver = chosen or self.referral.receiver
        if receiver == self.referral.receiver and "addressee" not in self.changed_data:
            return self.referral.addressee
        return addressee_called(name, receiver)

    def _wanted(self, day: date | None) -> datetime | None:
        """Return the end of that day; a moment that was said more closely stays."""
        if day == self.wanted_on:
            return self.referral.answer_wanted_by
        return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None


class DraftView(FormPage):
    """Put a draft right; nothing is sent by it."""

    abilities = {"get": "referrals.draft", "post": "referrals.draft"}
    template = "staff/referrals/draft.html"

    @cached_property
    def referral(self) -> Referral:
        found = get_object_or_404(selectors.single(self.actor), pk=self.kwargs["id"])
        log_read("referral", found.pk)
        log_read("resident", found.resident_id)
        return found

    def form(self, data: Any = None) -> Any:
        # What its sender typed while a colleague sent it comes back: the action refuses it.
        typed = data is not None and policy.can_edit(self.actor, self.referral)
        if self.referral.status != ReferralStatus.DRAFT and not typed:
            raise Conflict(
                _("A referral is frozen when it is sent. Tell the receiver what has changed.")
            )
        return DraftForm(data, actor=self.actor, referral=self.referral)

    def context(self) -> dict[str, Any]:
        # Whoever was overtaken keeps the version that was seen: nothing is overwritten unread.
        first = self.request.method != "POST"
        return {
            "referral": self.referral,
            "seen": self.referral.version if first else version_in(self.request),
            "frozen": self.referral.status != ReferralStatus.DRAFT,
        }

    def act(self, form: Any) -> str:
        drafts.edit(
            actor=self.actor,
            referral_id=self.kwargs["id"],
            version=seen_referral_version(self.request),
            **form.changes(),
        )
        return reverse("staff-referral", args=[self.kwargs["id"]])
