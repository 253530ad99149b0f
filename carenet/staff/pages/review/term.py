"""The last day of a watch: of its term, and of the basis on which somebody looks in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core import clock
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.review.watch_transitions import WatchTransitionView
from carenet.staff.pages.versions import version_in
from carenet.staff.times import Direction
from carenet.watchover.actions.assignments import edit


class TermForm(forms.Form):
    """Until when somebody looks in; both days are the last ones."""

    term_until = TypedDay(
        direction=Direction.AHEAD,
        label=gettext_lazy("Term until"),
        required=False,
        empty=gettext_lazy("Without an end, if you leave it empty."),
    )
    basis_until = TypedDay(
        direction=Direction.AHEAD,
        label=gettext_lazy("Basis until"),
        required=False,
        empty=gettext_lazy("As long as the basis carries it, if you leave it empty."),
    )

    def clean_term_until(self) -> date | None:
        return self._ahead("term_until")

    def clean_basis_until(self) -> date | None:
        return self._ahead("basis_until")

    def _ahead(self, name: str) -> date | None:
        """Raise `ValidationError` for a day that is over: whoever means that ends the watch."""
        day: date | None = self.cleaned_data[name]
        if day and name in self.changed_data and day < clock.today():
            raise ValidationError(_("Give today or a later day."))
        return day


class TermView(WatchTransitionView):
    """Let a watch go on for longer, or end sooner."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/term.html"
    said = "term"

    def form(self, data: Any = None) -> forms.Form:
        watch = self.watch
        return TermForm(
            data, initial={"term_until": watch.term_until, "basis_until": watch.basis_until}
        )

    def act(self, form: forms.Form) -> str:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if changes:
            version = version_in(self.request)
            edit(actor=self.actor, assignment_id=self.watch.pk, version=version, **changes)
        return self.done()
