"""Who reported: opened for a reason that the trail keeps, corrected, and who else may open it.

It is on these pages alone. Opening is a POST, so that no address, history or prefetch reads it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy, selectors
from carenet.abuse.actions import report as actions
from carenet.abuse.actions import reporter
from carenet.abuse.models import AbuseReport, ReporterIdentity
from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import current_context, log_read
from carenet.cases.models import CallerRelationship
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.staff.pages.abuse.steps import OfReport, report_address
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction

#: As many namings as the page tells at once.
LATEST = 50


class Opening(forms.Form):
    """Why somebody opens the compartment."""

    purpose = forms.CharField(
        label=_("Why you need to know who reported"),
        max_length=200,
        help_text=_("The trail keeps it, with your name and the time."),
    )


class Who(forms.Form):
    """Who reported; all of it may be left out."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    relationship = forms.ChoiceField(
        label=_("What they are to the person"),
        choices=CallerRelationship.choices,
        initial=CallerRelationship.UNKNOWN.value,
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    wishes_anonymity = forms.BooleanField(label=_("Wishes to stay unnamed"), required=False)
    callback = forms.CharField(label=_("How to call back"), max_length=500, required=False)


class Correction(Who):
    """The compartment as it is to be, under the reason for which it was opened."""

    purpose = forms.CharField(max_length=200, widget=forms.HiddenInput())


class ReporterView(OfReport):
    """Ask why, then show who reported; the trail has a line of each opening."""

    abilities = {"get": "abuse.reporter", "post": "abuse.reporter"}
    form_class: ClassVar[type[forms.Form]] = Opening
    template = "staff/abuse/reporter.html"
    acts_once = False  # it reads

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_read_reporter(self.actor, self.report))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "label": _("Who reported")}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_read_reporter(self.actor, self.report))
        form = Opening(request.POST)
        if not form.is_valid():
            return super().post(request, **ids)
        identity = self.opened(form.cleaned_data["purpose"])
        who = {name: getattr(identity, name) for name in Who.base_fields}
        given = {**who, "purpose": form.cleaned_data["purpose"]}
        context = {"form": Correction(initial=given), "identity": identity, **self.context()}
        return self.show(self.template, context)

    def opened(self, purpose: str) -> ReporterIdentity:
        """Return who reported, read for this reason; raises `Http404` where nobody finds it."""
        current_context().purpose = purpose
        found = policy.reporters_visible_to(self.actor, self.report)
        identity: ReporterIdentity = get_object_or_404(found)
        log_read("reporter", self.report.pk)
        return identity


class CorrectView(ReporterView):
    """Correct or complete who reported; what is refused comes back with the compartment open."""

    form_class = Correction
    acts_once = True

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return redirect_to(request, reverse("staff-abuse-reporter", args=[self.report.pk]))

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_read_reporter(self.actor, self.report))
        current_context().purpose = request.POST.get("purpose", "")[:200]
        return FormPage.post(self, request, **ids)

    def context(self) -> dict[str, Any]:
        identity = self.opened(current_context().purpose)
        return {**super().context(), "identity": identity}

    def act(self, form: forms.Form) -> str:
        given = dict(form.cleaned_data)
        del given["purpose"]
        seen = seen_version(self.request, _("Open it again, and correct it from there."))
        reporter.correct_reporter(
            actor=self.actor, report_id=self.kwargs["id"], version=seen, **given
        )
        return report_address(self.kwargs["id"], "reporter")


def one_of_people(**more: Any) -> Any:
    """Return a field for one of a few people, by name; the view says who is offered."""
    field: Any = forms.ModelChoiceField(User.objects.none(), empty_label=_("Choose"), **more)
    field.label_from_instance = lambda each: each.name
    return field


class ReaderNaming(forms.Form):
    """Who else may read who reported."""

    user: Any = one_of_people(
        label=_("Whom to name"), help_text=_("Those who are named to the report are offered.")
    )
    until = TypedDay(
        label=_("Last day"),
        required=False,
        direction=Direction.AHEAD,
        help_text=_("Left empty: until it is ended. For example 12/31 or R8.12.31."),
    )


class ReadersView(OfReport):
    """Who may read who reported, and who could; for those who decide, for the ward office."""

    abilities = {"get": "abuse.decide", "post": "abuse.decide"}
    template = "staff/abuse/readers.html"

    def form(self, data: Any = None) -> forms.Form:
        demand(policy.can_name_readers(self.actor, self.report))
        form = ReaderNaming(data)
        form.fields["user"].queryset = could_read(self.report)  # type: ignore[attr-defined]
        return form

    def context(self) -> dict[str, Any]:
        lists = Lists(self.request)
        found = selectors.reporter_readers(self.report).order_by("-pk")
        now = clock.now()
        readers = lists.first("readers", found, LATEST)
        return {
            **super().context(),
            "label": _("Who may read who reported"),
            "readers": [(each, each.until is None or each.until > now) for each in readers],
            "cuts": lists.cuts,
            "done": _READERS_DONE.get(self.request.GET.get("done", ""), ""),
        }

    def act(self, form: forms.Form) -> str:
        last = form.cleaned_data["until"]
        reporter.name_reader(
            actor=self.actor,
            report_id=self.kwargs["id"],
            user=form.cleaned_data["user"],
            until=clock.midnight(last + timedelta(days=1)) if last else None,
        )
        return self.after("named")

    def after(self, done: str) -> str:
        """Return this page, which says what was done."""
        return f"{reverse('staff-abuse-readers', args=[self.kwargs['id']])}?done={done}"


_READERS_DONE = {
    "named": _("This person may read who reported from now on."),
    "ended": _("This person may no longer read who reported."),
}


class EndReaderView(ReadersView):
    """End a naming to the compartment now."""

    form_class = forms.Form

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return redirect_to(request, reverse("staff-abuse-readers", args=[self.report.pk]))

    def form(self, data: Any = None) -> forms.Form:
        return super().form() if data is None else forms.Form(data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "form": super().form()}

    def act(self, form: forms.Form) -> str:
        reporter.end_reader(
            actor=self.actor, report_id=self.kwargs["id"], reader_id=self.kwargs["reader_id"]
        )
        return self.after("ended")


def could_read(report: AbuseReport) -> Any:
    """Return the people who are named to a report and may not read yet who made it."""
    named: list[Any] = report.case.named_now  # type: ignore[attr-defined]  # prefetched
    reading = policy.live_readers(report).values("user")
    found = User.objects.filter(pk__in=[each.user_id for each in named])
    return found.exclude(pk__in=reading).order_by("name", "pk")


class MemberNaming(forms.Form):
    """Whom of one's own agency to name."""

    user: Any = one_of_people(label=_("Whom to name"))


class NameView(OfReport):
    """Name a colleague to the report, and so to its case."""

    abilities = {"get": "abuse.view", "post": "abuse.view"}
    template = "staff/abuse/name.html"

    def form(self, data: Any = None) -> forms.Form:
        form = MemberNaming(data)
        named: list[Any] = self.report.case.named_now  # type: ignore[attr-defined]  # prefetched
        people = members_in_roles(self.actor.agency, {Role.STAFF, Role.MANAGER, Role.COORDINATOR})
        left = people.exclude(pk__in=[each.user_id for each in named])
        form.fields["user"].queryset = left.order_by("name", "pk")  # type: ignore[attr-defined]
        return form

    def context(self) -> dict[str, Any]:
        return {**super().context(), "label": _("Name a colleague")}

    def act(self, form: forms.Form) -> str:
        user = form.cleaned_data["user"]
        actions.name_person(actor=self.actor, report_id=self.kwargs["id"], user=user)
        return report_address(self.kwargs["id"], "name")
