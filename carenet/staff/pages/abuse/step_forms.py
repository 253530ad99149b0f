"""What each step of an abuse report asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from carenet.abuse.models import CheckMethod
from carenet.abuse.states import Evaluation, Finding
from carenet.agencies.models import User
from carenet.cases.models import Urgency
from carenet.staff.pages.form_fields import TypedMoment, text_field

YES, NO = "yes", "no"
#: As many names, and as long, as the contract takes.
MOST_NAMES, LONGEST_NAME = 50, 100


def yes_or_no(value: str) -> bool:
    """Return what was chosen as a truth."""
    return value == YES


class YesOrNo(forms.TypedChoiceField):
    """A question that has to be answered: leaving a box empty would be taken for no."""

    def __init__(self, *, yes: Any, no: Any, **more: Any) -> None:
        choices = [(YES, yes), (NO, no)]
        super().__init__(choices=choices, coerce=yes_or_no, widget=forms.RadioSelect, **more)


class Names(forms.CharField):
    """Names or offices, one a line; its value is a list."""

    def __init__(self, **more: Any) -> None:
        help_text = gettext_lazy("One a line: names or offices, with an account or without.")
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(widget=widget, max_length=6000, help_text=help_text, **more)

    def clean(self, value: Any) -> Any:
        names = [each.strip() for each in super().clean(value).splitlines() if each.strip()]
        if len(names) > MOST_NAMES or any(len(each) > LONGEST_NAME for each in names):
            raise ValidationError(
                _("At most %(most)s lines of %(longest)s characters each.")
                % {"most": MOST_NAMES, "longest": LONGEST_NAME}
            )
        return names


class Reception(forms.Form):
    """The reception meeting."""

    happened_at = TypedMoment(label=gettext_lazy("When the meeting was held"))
    attendees = Names(label=gettext_lazy("Who took part"))
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon somebody must act"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
    )
    to_check = YesOrNo(
        label=gettext_lazy("Are the facts to be checked?"),
        yes=gettext_lazy("yes, they are checked"),
        no=gettext_lazy("no, not checked"),
    )
    text = text_field(gettext_lazy("What was decided, and why"), required=False)


class FactCheck(forms.Form):
    """A fact check."""

    happened_at = TypedMoment(label=gettext_lazy("When the facts were checked"))
    method = forms.ChoiceField(
        label=gettext_lazy("How"), choices=CheckMethod.choices, widget=forms.RadioSelect
    )
    seen_in_person = YesOrNo(
        label=gettext_lazy("Has somebody seen the person?"),
        yes=pgettext_lazy("answer", "yes"),
        no=pgettext_lazy("answer", "no"),
    )
    not_seen_because = forms.CharField(
        label=gettext_lazy("If not: why nobody has seen them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = text_field(gettext_lazy("What was found"), required=False)


class Entry(forms.Form):
    """An entry investigation."""

    happened_at = TypedMoment(label=gettext_lazy("When it was carried out"))
    attendees = Names(label=gettext_lazy("Who took part"))
    with_police = YesOrNo(
        label=gettext_lazy("Were the police there?"),
        yes=pgettext_lazy("answer", "yes"),
        no=pgettext_lazy("answer", "no"),
    )
    text = text_field(gettext_lazy("What was found"), required=False)


class Proposal(forms.Form):
    """What the core-member meeting decided."""

    happened_at = TypedMoment(label=gettext_lazy("When it was decided"))
    finding = forms.ChoiceField(
        label=gettext_lazy("Finding"), choices=Finding.choices, widget=forms.RadioSelect
    )
    text = text_field(gettext_lazy("Grounds"))
    deciders: Any = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who decided"),
        help_text=gettext_lazy(
            "At least two. One of them who is named to the report, and is not you, confirms it."
        ),
        widget=forms.CheckboxSelectMultiple,
    )


class Confirmation(forms.Form):
    """What else is to be said."""

    text = text_field(gettext_lazy("What else is to be said"), required=False)


class Reason(forms.Form):
    """Why a proposed decision does not stand."""

    text = text_field(gettext_lazy("Why"))


class ResponsePlan(forms.Form):
    """The response plan."""

    happened_at = TypedMoment(label=gettext_lazy("When the plan was made"))
    text = text_field(gettext_lazy("The response plan"), rows=8)


class ResponseEvaluation(forms.Form):
    """What the response has come to."""

    happened_at = TypedMoment(label=gettext_lazy("When it was evaluated"))
    evaluation = forms.ChoiceField(
        label=gettext_lazy("What the response has come to"),
        choices=Evaluation.choices,
        widget=forms.RadioSelect,
    )
    text = text_field(gettext_lazy("The evaluation"))


class ReportClosing(forms.Form):
    """Why the report is closed."""

    happened_at = TypedMoment(label=gettext_lazy("When it was decided to close it"))
    text = text_field(gettext_lazy("Why"))


class Elsewhere(forms.Form):
    """Which desk sees to it, and why."""

    desk = forms.CharField(
        label=gettext_lazy("Which desk, and whom of it you reached"), max_length=200
    )
    happened_at = TypedMoment(label=gettext_lazy("When it was passed on"))
    text = text_field(gettext_lazy("Why"))
