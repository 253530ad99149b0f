"""Files that the directory is kept by: looked at first, nothing changes before it is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Administrator
from carenet.areas import open_data
from carenet.areas.actions.areas import import_area_table
from carenet.areas.actions.office_import import import_offices
from carenet.areas.open_data import BrokenFile, Refusal
from carenet.staff.pages.administration.base import AdministrationView

#: As many refused lines as a page explains.
EXPLAINED = 100
MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does: how many of each, and which lines it refuses."""

    numbers: list[tuple[Promise, int]]
    refused: list[Refusal]


def _of_offices(administrator: Administrator, content: bytes) -> Outcome:
    report = import_offices(actor=administrator, data=open_data.read(content))
    return Outcome(
        [
            (gettext_lazy("New"), len(report.created)),
            (gettext_lazy("Changed"), len(report.changed)),
            (gettext_lazy("As before"), len(report.unchanged)),
            (gettext_lazy("No longer named, suggested for closing"), len(report.missing)),
        ],
        list(report.refused),
    )


def _of_areas(administrator: Administrator, content: bytes) -> Outcome:
    report = import_area_table(actor=administrator, table=open_data.read_areas(content))
    return Outcome(
        [
            (gettext_lazy("New"), len(report.created)),
            (gettext_lazy("Changed"), len(report.changed)),
            (gettext_lazy("As before"), len(report.unchanged)),
        ],
        report.refused,
    )


IMPORTS: dict[str, Callable[[Administrator, bytes], Outcome]] = {
    "offices": _of_offices,
    "areas": _of_areas,
}


class ImportForm(forms.Form):
    """Which file, and what stands in it; `seen` is the digest of the file that was looked at."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is in the file"),
        choices=[
            ("offices", gettext_lazy("Care service offices (open data of the Ministry)")),
            ("areas", gettext_lazy("Areas: which address lies in which")),
        ],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8 or Shift_JIS, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> bytes:
        """Return the content; raises `ValidationError` for more than `MOST_BYTES`."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it."))
        content: bytes = file.read()
        return content


class ImportView(AdministrationView):
    """First what a file would change, then the change itself with the same file."""

    tab = "administration-import"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(ImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        content, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        digest = sha256(content).hexdigest()
        carries_out = form.cleaned_data["seen"] == f"{kind} {digest}"
        try:
            with transaction.atomic():
                outcome = IMPORTS[kind](self.administrator, content)
                transaction.set_rollback(not carries_out)
        except BrokenFile as error:
            form.add_error("file", str(error.detail))
            return self.page(form, status=422)
        return self.page(form, outcome=outcome, carried_out=carries_out, digest=f"{kind} {digest}")

    def page(self, form: forms.Form, status: int = 200, **context: Any) -> HttpResponse:
        """Answer with the form, and with what the file would change or has changed."""
        outcome: Outcome | None = context.get("outcome")
        refused = outcome.refused if outcome else []
        shown = {
            "form": form,
            **context,
            "refused": refused[:EXPLAINED],
            "unexplained": max(len(refused) - EXPLAINED, 0),
        }
        return self.show("staff/administration/import.html", shown, status=status)
