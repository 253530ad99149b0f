"""Many watches into other hands: chosen, with the load of both people before and after, then done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.models import User
from carenet.audit.actions import log_out_of_reach, log_read
from carenet.core.errors import Conflict
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.pagination import Cut
from carenet.staff.pages.review.base import log_watch_reads, wanted_id
from carenet.staff.pages.watch_forms import choices_among
from carenet.watchover.actions.assignments import reassign_many
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors import review
from carenet.watchover.selectors.eligible_watchers import Candidate, candidates_around
from carenet.watchover.states import OPEN

#: As many as one request puts into other hands.
MOST_AT_ONCE = 200


class HandsForm(forms.Form):
    """Which watches, and who looks in from now on."""

    watches = forms.MultipleChoiceField(
        label=gettext_lazy("Watches"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one watch.")},
    )
    watcher = forms.ChoiceField(label=gettext_lazy("Who looks in from now on"))

    def __init__(
        self, data: Any, offered: list[tuple[str, str]], people: list[tuple[str, str]]
    ) -> None:
        super().__init__(data, initial={"watches": [key for key, _words in offered]})
        for name, choices in (("watches", offered), ("watcher", [("", "–"), *people])):
            field: Any = self.fields[name]
            field.choices = choices


class HandsView(FormPage):
    """The watches of one person, or those in which nobody looks in; the load is shown first."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/hands.html"

    @cached_property
    def leaving(self) -> User | None:
        """Return who looks in until now; None where the address names nobody that has a watch here."""
        wanted = wanted_id(self.request, "watcher")
        if wanted is None:
            return None
        first = self.rows_of(wanted).select_related("watcher").first()
        if first is None:
            log_out_of_reach("user", wanted)
            return None
        return first.watcher

    @cached_property
    def watches(self) -> list[WatchAssignment]:
        """Return the watches that may be chosen."""
        wanted = wanted_id(self.request, "watcher")
        return list(self.rows_of(wanted).order_by("pk")[:MOST_AT_ONCE])

    def rows_of(self, watcher: UUID | None) -> QuerySet[WatchAssignment]:
        """Return the open watches that one keeps in which this person looks in, or nobody does."""
        rows = review.watches(self.actor).filter(status__in=sorted(OPEN))
        return rows.filter(watcher=watcher)

    @cached_property
    def people(self) -> dict[str, Candidate]:
        agencies = {each.responsible_agency_id: each.responsible_agency for each in self.watches}
        found = candidates_around(self.actor, agencies.values() or [self.actor.agency])
        leaving = self.leaving.pk if self.leaving else None
        return {each.key: each for each in found if each.user.pk != leaving}

    def form(self, data: Any = None) -> HandsForm:
        watches = [(str(each.pk), f"{each.resident.name} {each.code}") for each in self.watches]
        return HandsForm(data, watches, choices_among(self.people))

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        log_watch_reads(self.watches)
        return super().get(request, **ids)

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        """Put them into other hands where the load was shown; else show it."""
        if "save" in request.POST:
            return super().post(request, **ids)
        log_watch_reads(self.watches)
        form = self.form(request.POST)
        loads = self.loads(form) if form.is_valid() else []
        status = 200 if form.is_valid() else 422
        return self.show(self.template, {"form": form, **self.context(), "loads": loads}, status)

    def context(self) -> dict[str, Any]:
        number = self.rows_of(wanted_id(self.request, "watcher")).count()
        return {
            "leaving": self.leaving,
            "number": len(self.watches),
            "cut": Cut(len(self.watches), number),
            "crumbs": [(reverse("staff-review-load"), _("Load"))],
        }

    def loads(self, form: HandsForm) -> list[dict[str, Any]]:
        """Return the load of who leaves and of who comes after, before and after."""
        moved, after = len(form.cleaned_data["watches"]), self.people[form.cleaned_data["watcher"]]
        log_read("user", after.user.pk)
        of = {after.user.pk, *([self.leaving.pk] if self.leaving else [])}
        rows = review.watches(self.actor).filter(watcher__in=of, status__in=sorted(OPEN))
        counted = rows.order_by().values_list("watcher").annotate(number=Count("pk"))
        numbers = dict(counted)
        most = settings.WATCH_REVIEW_MOST_WATCHES
        now = numbers.get(after.user.pk, 0)
        found = [{"who": after, "now": now, "after": now + moved, "most": most}]
        if self.leaving:
            held = numbers.get(self.leaving.pk, 0)
            who = {"user": self.leaving}
            found.append({"who": who, "now": held, "after": held - moved, "most": most})
        return found

    def act(self, form: Any) -> str:
        if self.request.POST.get("number") != str(len(self.watches)):
            raise Conflict(
                _("These watches are others now than the page has shown. Look at them again.")
            )
        after = self.people[form.cleaned_data["watcher"]]
        ids = [UUID(each) for each in form.cleaned_data["watches"]]
        reassign_many(
            actor=self.actor, assignment_ids=ids, watcher=after.user, watcher_agency=after.agency
        )
        return f"{reverse('staff-review-watches')}?watcher={after.user.pk}&done=hands"
