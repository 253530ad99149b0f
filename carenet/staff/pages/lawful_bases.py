"""What a lawful basis rests on, as a form asks for it: words, or what the person has said just now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carenet.cases.models import Counterpart
from carenet.residents.models import ConsentMethod

#: The fields of a consent that is written down with what rests on it.
SAID = ("consent_said_method", "consent_said_given_by")


def _what_is_asked() -> str:
    """Say what words are wanted, and what the operator says of the purpose."""
    asked = gettext(
        "The purpose or reason. Where life, body or property are in danger: what danger."
    )
    return f"{asked} {escape(settings.BASIS_PURPOSE_TEXT)}".strip()


def basis_words() -> forms.CharField:
    """Return the field for what a basis rests on where that is words."""
    return forms.CharField(
        label=_("What the basis rests on, in words"),
        max_length=300,
        required=False,
        help_text=lazy(_what_is_asked, str)(),
    )


def consent_said_method() -> forms.ChoiceField:
    """Return the field for how a person has just consented."""
    return forms.ChoiceField(
        label=_("The person has just consented"),
        choices=[("", _("No, or it is on record")), *ConsentMethod.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("With the basis “consent” only. It is written down together with this."),
    )


def consent_said_given_by() -> forms.CharField:
    """Return the field for who has just consented."""
    return forms.CharField(
        label=_("Who said so"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Left empty: the person. Otherwise who may speak for them."),
    )


def consent_said(given: dict[str, Any]) -> dict[str, str] | None:
    """Take what was said just now out of what was filled in; None where nothing was."""
    method, by = (given.pop(name, "") for name in SAID)
    return {"method": method, "given_by": by} if method else None


def check_consent_said(form: forms.Form) -> None:
    """Take the person for who has consented unless somebody is named; ask how, where only that is."""
    method, by = (form.cleaned_data.get(name) for name in SAID)
    if method and not by:
        form.cleaned_data["consent_said_given_by"] = str(Counterpart.SELF.label)
    if by and not method:
        form.add_error("consent_said_method", _("Say how it was said."))
