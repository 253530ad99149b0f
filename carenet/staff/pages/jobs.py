"""Long work: what one has asked for, how far it has come, and what it has come to."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.jobs import policy, selectors
from carenet.jobs.actions import apply_preview, cancel, parts_of, refuse, release, start
from carenet.jobs.models import Job
from carenet.jobs.registry import SheetExport, is_known, kind_named, kinds
from carenet.jobs.states import JobState
from carenet.rest.problems import DENIALS
from carenet.staff.pages import job_forms
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.redirects import redirect_to

#: As many as are listed; all of them are some days old at most.
MOST = 50
#: What ends htmx's polling.
STOP_ASKING = 286
#: Where each kind is asked for, and with which form.
PAGES = {
    "list.import": ("staff-work-import", job_forms.ImportForm),
    "list.export": ("staff-work-list", job_forms.ListForm),
    "visits.export": ("staff-work-visits", job_forms.VisitsForm),
    "trail.export": ("staff-work-trail", job_forms.TrailForm),
}


#: What was done just now, by the code in the address.
DONE = {
    "released": gettext_lazy(
        "You have agreed: the work begins. The file is for whoever asked for it."
    ),
    "refused": gettext_lazy("You have refused it. Whoever asked for it reads why."),
}


class UnknownKind:
    """What is shown of work that another release has begun: nobody here can go on with it."""

    label = gettext_lazy("Work of another release")
    takes_file = False
    heads: ClassVar[dict[str, str]] = {}


class WorkView(StaffView):
    """One's own work, asked for last first, and what more one may ask for."""

    abilities = {"get": "jobs.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        offered = [
            (kind.label, reverse(PAGES[kind.name][0]))
            for kind in kinds()
            if kind.name in PAGES and policy.can_run(self.actor, kind.name)
        ]
        lists = Lists(request)
        waiting = lists.first("waiting", selectors.to_release(self.actor).defer("told"), MOST)
        found = lists.first("jobs", selectors.jobs(self.actor).defer("told"), MOST)
        others = selectors.running_in_agency(self.actor).exclude(owner=self.actor.user_id)
        context = {
            "jobs": [_context(job) for job in found],
            "offered": offered,
            "oversees": bool(self.actor.may("agencies.manage_members")),
            "running": [
                _context(job) for job in lists.first("running", others.defer("told"), MOST)
            ],
            "waiting": [_context(job) for job in waiting],
            "done": DONE.get(request.GET.get("done", ""), ""),
            "cuts": lists.cuts,
        }
        return self.show("staff/work/list.html", context)


class StartView(FormPage):
    """Ask for one kind of work."""

    abilities = {"get": "jobs.run", "post": "jobs.run"}
    template = "staff/work/new.html"
    kind: ClassVar[str] = ""

    def permit(self, request: HttpRequest) -> None:
        super().permit(request)
        demand(policy.can_run(self.actor, self.kind))

    def form(self, data: Any = None) -> Form:
        files = None if data is None else self.request.FILES
        return PAGES[self.kind][1](self.actor, data, files)

    def context(self) -> dict[str, Any]:
        return {"kind": kind_named(self.kind)}

    def act(self, form: Form) -> str:
        assert isinstance(form, job_forms.WorkForm)  # noqa: S101 - narrows the type
        file = form.cleaned_data.get("file")
        job = start(
            actor=self.actor,
            kind=self.kind,
            options=form.options(),
            content=file.read() if file else b"",
        )
        return _address(job)


class JobView(StaffView):
    """One piece of work; htmx asks for its part again until it has ended, or it is refused."""

    abilities = {"get": "jobs.view"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().dispatch(request, *args, **kwargs)
        if request.htmx and response.status_code in DENIALS:  # type: ignore[attr-defined]
            response.status_code = STOP_ASKING
        return response

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        job: Job = get_object_or_404(selectors.jobs(self.actor), pk=id)
        asked_again = bool(request.htmx)  # type: ignore[attr-defined]
        told = _context(job) | {"asked_again": asked_again}
        if not asked_again:
            return self.show("staff/work/page.html", told)
        return self.show("staff/work/progress.html", told, status=STOP_ASKING if job.ended else 200)


class RefusalForm(forms.Form):
    """Why somebody does not agree."""

    reason = text_field(
        gettext_lazy("If you refuse it: why"),
        500,
        rows=2,
        required=False,
        help_text=gettext_lazy("Whoever has asked for it reads this."),
    )


class ReleaseView(FormPage):
    """Agree to what a colleague has asked for, or refuse it with a reason."""

    abilities = {"get": "jobs.release", "post": "jobs.release"}
    template = "staff/work/release.html"
    form_class = RefusalForm

    def context(self) -> dict[str, Any]:
        job = get_object_or_404(selectors.to_release(self.actor), pk=self.kwargs["id"])
        return _context(job)

    def act(self, form: Form) -> str:
        reason, pk = form.cleaned_data["reason"], self.kwargs["id"]
        if "refuse" not in self.request.POST:
            release(actor=self.actor, job_id=pk)
            return f"{reverse('staff-work')}?done=released"
        if not reason:
            raise Invalid({"reason": _("Say why, so that they can ask again in another way.")})
        refuse(actor=self.actor, job_id=pk, reason=reason)
        return f"{reverse('staff-work')}?done=refused"


class CancelView(StaffView):
    """End the work after the step that it is on."""

    abilities = {"post": "jobs.run"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return redirect_to(request, _address(cancel(actor=self.actor, job_id=id)))


class CarryOutView(StaffView):
    """Do what the preview has shown."""

    abilities = {"post": "jobs.run"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        return redirect_to(request, _address(apply_preview(actor=self.actor, job_id=id)))


class FileView(StaffView):
    """What the work has produced; the right to it is asked for again."""

    abilities = {"get": "jobs.view"}

    def get(self, request: HttpRequest, id: UUID) -> StreamingHttpResponse:
        job: Job = get_object_or_404(selectors.jobs(self.actor), pk=id)
        demand(policy.can_take(self.actor, job))
        kind = kind_named(job.kind)
        if not isinstance(kind, SheetExport) or not _has_file(job):
            raise Conflict(_("There is no file to download. Look at how the work stands."))
        log_read("job", job.pk)
        name = kind.file_name(job.options)
        return StreamingHttpResponse(
            parts_of(job),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": content_disposition_header(True, name) or "",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _address(job: Job) -> str:
    return reverse("staff-work-job", args=[job.pk])


def _has_file(job: Job) -> bool:
    done = job.state == JobState.DONE and is_known(job.kind)
    return done and not kind_named(job.kind).takes_file and bool(job.files)


def _context(job: Job) -> dict[str, Any]:
    """Return what templates show of a piece of work."""
    kind = kind_named(job.kind) if is_known(job.kind) else UnknownKind()
    done = job.state == JobState.DONE and is_known(job.kind)
    return {
        "job": job,
        "kind": kind,
        "about": _about(job),
        "counts": [
            (words, job.counts[code]) for code, words in kind.heads.items() if job.counts.get(code)
        ],
        "purpose": job.options.get("purpose", ""),
        "has_file": _has_file(job),
        "can_carry_out": done and job.preview and bool(job.files),
        "sentence": _sentence(job),
    }


def _about(job: Job) -> str:
    """Return which list, month or days it is about: nothing of a person."""
    said = job.options
    if job.kind == "trail.export":
        return f"{said['since']} – {said['until']}"
    return " ".join(said[name] for name in ("name", "delivered_on", "month") if name in said)


def _sentence(job: Job) -> str:
    """Return how it stands, and what of it stays, in words that can be read out."""
    return _sentence_of_state(job) % {"done": job.done, "total": job.total}


def _sentence_of_state(job: Job) -> str:
    if job.preview and job.state == JobState.DONE:
        return _("The preview is done: %(done)s of %(total)s. Nothing has been changed yet.")
    if job.preview and job.ended:
        return _("Ended after %(done)s of %(total)s. Nothing has been changed.")
    if job.waits_for_release:
        return _("It begins once a manager or auditor of your agency has agreed: not you yourself.")
    if job.cancel_asked_at and not job.ended:
        return _("It ends after the step that it is on: %(done)s of %(total)s.")
    stands = {
        JobState.DONE: _("Done: %(done)s of %(total)s."),
        JobState.CANCELLED: _(
            "Cancelled after %(done)s of %(total)s. What was done until then stays."
        ),
        JobState.FAILED: _("Failed after %(done)s of %(total)s. What was done until then stays."),
    }
    return stands.get(JobState(job.state), _("%(done)s of %(total)s"))
