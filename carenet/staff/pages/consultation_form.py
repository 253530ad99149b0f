"""What a consultation between two calls asks for, each thing once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.access.policy import choices_of_basis
from carenet.cases.models import CallerRelationship, ConsultationChannel, Topic, Urgency
from carenet.cases.states import ConsultationStatus
from carenet.referrals.models import Need
from carenet.referrals.states import ReferralKind
from carenet.staff.pages.form_fields import (
    CommonestOne,
    CommonestSeveral,
    TypedBirth,
    TypedMoment,
    text_field,
)
from carenet.staff.pages.lawful_bases import (
    basis_words,
    check_consent_said,
    consent_said_given_by,
    consent_said_method,
)

RECEIVED, CASE, REFERRAL = "received", "case_opened", "referral"
USE, ANOTHER = "use", "another"
OUTCOMES = [
    (RECEIVED, gettext_lazy("Write it down, decide later")),
    (ConsultationStatus.INFORMATION_ONLY.value, gettext_lazy("Information was enough")),
    (ConsultationStatus.ONE_OFF.value, gettext_lazy("Advice was given, that was all")),
    (CASE, gettext_lazy("Open a case")),
    (REFERRAL, gettext_lazy("Open a case and refer it")),
]
#: What a call says besides whom it is about, as a consultation calls it.
SAID = (
    "received_at", "channel", "caller_name", "caller_phone", "relationship",
    "subject_description", "topics", "content", "response", "urgency",
)  # fmt: skip
#: What stands first of the long choices, as much as is seen at once; abuse is never folded away.
COMMON_TOPICS = (
    Topic.HEALTH, Topic.HOUSING, Topic.INCOME, Topic.COMMUNITY, Topic.FAMILY, Topic.CARE, Topic.ABUSE,
)  # fmt: skip
COMMON_CALLERS = (
    CallerRelationship.SELF, CallerRelationship.FAMILY, CallerRelationship.NEIGHBOUR,
    CallerRelationship.COMMISSIONER, CallerRelationship.AGENCY, CallerRelationship.UNKNOWN,
)  # fmt: skip
COMMON_NEEDS = (
    Need.ASSESSMENT, Need.HOME_VISIT, Need.CARE_SERVICE, Need.MEDICAL, Need.LIVELIHOOD, Need.HOUSING,
    Need.WATCH_OVER,
)  # fmt: skip
#: What is asked of a new person, and how the register calls it.
PERSON = ("family_name", "given_name", "family_kana", "given_kana", "phone", "address")


def _line(label: Any, most: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **kwargs)


class Call(forms.Form):
    """A call as it is taken down: whom it is about, and what was said."""

    q = _line(
        gettext_lazy("Name or kana of the person"),
        100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    subject = forms.UUIDField(required=False)
    family_name = _line(gettext_lazy("Family name"), 100)
    given_name = _line(gettext_lazy("Given name"), 100)
    family_kana = _line(gettext_lazy("Family name in kana"), 100)
    given_kana = _line(gettext_lazy("Given name in kana"), 100)
    birth = TypedBirth(label=gettext_lazy("Date of birth"), required=False)
    phone = _line(gettext_lazy("Phone"), 30)
    address = _line(gettext_lazy("Address"), 300)
    new_because = _line(gettext_lazy("Why this is somebody else than those found"), 500)
    subject_description = _line(gettext_lazy("Or describe a person whose name is not known"), 500)
    received_at = TypedMoment(label=gettext_lazy("When"), initial="いま")
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came in"),
        choices=ConsultationChannel.choices,
        initial=ConsultationChannel.PHONE.value,
        widget=forms.RadioSelect,
    )
    relationship = forms.ChoiceField(
        label=gettext_lazy("Who is calling"),
        choices=CallerRelationship.choices,
        initial=CallerRelationship.UNKNOWN.value,
        widget=CommonestOne(*COMMON_CALLERS),
    )
    caller_name = _line(gettext_lazy("Name of the caller"), 100)
    caller_phone = _line(gettext_lazy("Phone of the caller"), 30)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What it is about"),
        choices=Topic.choices,
        widget=CommonestSeveral(*COMMON_TOPICS),
    )
    main_topic = forms.ChoiceField(
        label=gettext_lazy("Main topic, when there are several"),
        choices=[("", gettext_lazy("the first one")), *Topic.choices],
        required=False,
    )
    content = text_field(gettext_lazy("What was said"), rows=5)
    response = text_field(gettext_lazy("What was answered"), rows=2, required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon somebody must act"),
        choices=Urgency.choices,
        initial=Urgency.NORMAL.value,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("subject") and given.get("family_name"):
            self.add_error(
                "family_name", _("Take the person who was found, or register a new one: not both.")
            )
        return given

    @property
    def new_person(self) -> dict[str, Any]:
        """What the register is told of a new person."""
        given = self.cleaned_data
        person = {name: given[name] for name in PERSON if given[name]}
        born = given["birth"]
        if born and born.day:
            person["birth_date"] = born.day
        elif born:
            person["birth_year"] = born.year
        return person


class Intake(Call):
    """One page, from the call to the referral that is sent."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=OUTCOMES,
        initial=RECEIVED,
        widget=forms.RadioSelect,
    )
    case_choice = forms.ChoiceField(
        label=gettext_lazy("This person has an open case"),
        choices=[(USE, gettext_lazy("Use it")), (ANOTHER, gettext_lazy("Open another one"))],
        initial=USE,
        required=False,
        widget=forms.RadioSelect,
    )
    addressee = _line(
        gettext_lazy("Which person there it is for, by full name"),
        100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "The case is restricted: besides those who are named to it, only this person will see it."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is passed on"),
        choices=ReferralKind.choices,
        initial=ReferralKind.CO_SUPPORT.value,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("With a transfer the lead moves when the receiver accepts."),
    )
    receiver_q = _line(
        gettext_lazy("Name or kana of the agency"),
        100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    receiver = forms.UUIDField(required=False)
    need = forms.ChoiceField(
        label=gettext_lazy("What is asked of it"),
        choices=Need.choices,
        required=False,
        widget=CommonestOne(*COMMON_NEEDS),
    )
    need_text = _line(gettext_lazy("Need in words"), 2000)
    sharing_basis = forms.ChoiceField(
        label=gettext_lazy("On which basis it may know this"),
        choices=choices_of_basis,
        required=False,
        widget=forms.RadioSelect,
    )
    basis_words = basis_words()
    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()
    reason = text_field(
        gettext_lazy("Reason of the referral"),
        5000,
        rows=2,
        required=False,
        help_text=gettext_lazy("Left empty: what was said."),
    )
    duplicate_reason = _line(
        gettext_lazy("Why you ask again, where the same has been asked already"), 500
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("outcome") == REFERRAL:
            for name in ("receiver", "need", "sharing_basis"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("A referral needs this."))
            check_consent_said(self)
        return given


#: What a draft keeps: everything that is typed or tapped.
NAMES = tuple(Intake.base_fields)
#: Those of which a draft holds several values.
SEVERAL = frozenset({"topics"})


def from_draft(kept: dict[str, list[str]]) -> Intake:
    """Return the form with what was typed before, not judged yet."""
    initial = {
        name: values if name in SEVERAL else values[-1] for name, values in kept.items() if values
    }
    return Intake(initial=initial)
