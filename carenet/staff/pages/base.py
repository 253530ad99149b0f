"""The base of every page: an Actor first, then the ability, then the room's own selectors and actions.

A page names the ability of each of its methods; a method without one is closed to everybody. What an
action refuses is shown in words, with what is missing, and nothing of the effect stays. A form that
carries its key acts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, ClassVar

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import OperationalError, transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import View

from carenet.accounts.selectors import has_second_factor
from carenet.agencies.actions.acting_agency import attach_actor
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.selectors.principals import principal, resolve_actor
from carenet.audit.actions import current_context, log_denial, log_out_of_reach
from carenet.core.decisions import demand
from carenet.core.errors import (
    AmbiguousAgency,
    Busy,
    CarenetError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
)
from carenet.rest.ids import ids_in, ids_named
from carenet.rest.problems import DENIALS, TRY_AGAIN
from carenet.rest.text import canonical_form
from carenet.staff.middleware import BY_ITSELF, begin
from carenet.staff.pages.form_keys import once
from carenet.staff.pages.redirects import by_script, redirect_to
from carenet.staff.pages.refusal_words import put_on_page

#: What the trail calls the objects of a page, by the part of the address before them.
KINDS = {
    "abuse": "abuse_report",
    "reminders": "reminder", "consultations": "consultation", "people": "resident",
    "cases": "case", "tasks": "task", "referrals": "referral", "alerts": "alert",
    "watches": "watchassignment", "pauses": "pause", "handovers": "watchhandover",
    "devices": "session", "members": "membership", "visits": "expectation",
    "absence": "absence", "readers": "resident", "report": "user", "work": "job", "lines": "listentry",
}  # fmt: skip


#: What an address keeps while somebody signs in: filters that say a code, a day or an id, never words.
FILTERS = frozenset(
    {
        "after", "agency", "area", "before", "box", "case", "channel", "days", "done", "due", "form",
        "from", "kind", "list", "month", "of", "page", "received_from", "received_until", "show",
        "stage", "status", "step", "subject", "topic", "town", "turn", "whole", "whose",
    }
)  # fmt: skip
_FILTER = re.compile("[A-Za-z0-9_.:~+-]{0,80}")


class Elsewhere(Exception):
    """The caller has to be somewhere else first: signing in, choosing an agency."""

    def __init__(self, address: str, *, signs_in: bool = False) -> None:
        super().__init__(address)
        self.address = address
        self.signs_in = signs_in


class StaffView(View):
    """Base of the pages. Subclasses set `abilities` (method → name in the role table).

    `actor` is who acts. Errors of the domain become the error page, or its part for htmx.
    """

    abilities: ClassVar[dict[str, str]] = {}
    http_method_names = ["get", "post", "head"]
    #: Whether a key that comes with a form is spent by it; not so where one only keeps a draft.
    acts_once: ClassVar[bool] = True
    actor: Actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response: Any
        try:
            with transaction.atomic():
                self.enter(request)
                handle = super().dispatch
                if self.acts_once:
                    response = once(request, lambda: handle(request, *args, **kwargs))
                else:
                    response = handle(request, *args, **kwargs)
        except Elsewhere as there:
            response = self.send_on(request, there)
        except (CarenetError, Http404, OperationalError) as exc:
            response = refuse(request, _as_domain_error(exc))
        return response

    @staticmethod
    def send_on(request: HttpRequest, there: Elsewhere) -> HttpResponse:
        """Send the caller on; a page on which somebody types stays, and lets them sign in over it."""
        halted = there.signs_in and by_script(request) and BY_ITSELF not in request.headers
        if halted:
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"X-Signed-Out": "1"})
        return redirect_to(request, there.address)

    def enter(self, request: HttpRequest) -> None:
        """Find out who acts, or say where to go first; raises `Forbidden` without the ability."""
        user: Any = self.identify(request)
        try:
            self.actor = resolve_actor(request)  # type: ignore[arg-type]
        except AmbiguousAgency:
            raise Elsewhere(reverse("staff-agency")) from None
        request.actor = self.actor  # type: ignore[attr-defined]
        user.actor = self.actor
        attach_actor(request, self.actor)  # type: ignore[arg-type]
        self.permit(request)

    @staticmethod
    def identify(request: HttpRequest) -> User:
        """Return who has signed in to the end, what they send in canonical form; or say where to."""
        if not isinstance(request.user, User):
            raise Elsewhere(sign_in_address(request), signs_in=True)
        begin(request)
        current_context().who = principal(request)  # type: ignore[arg-type]
        complete_sign_in(request, request.user)
        if request.method == "POST":
            form: Any = canonical_form(request.POST)
            request.POST = form
        return request.user

    def permit(self, request: HttpRequest) -> None:
        """Ask the role table."""
        method = "get" if request.method == "HEAD" else str(request.method).lower()
        if method not in self.http_method_names or not hasattr(self, method):
            return  # 405, from Django
        if method not in self.abilities:
            raise Forbidden(_("Nobody may do this."))
        demand(self.actor.may(self.abilities[method]))

    def show(
        self, template: str, context: dict[str, Any] | None = None, status: int = 200
    ) -> HttpResponse:
        """Answer with a page or a part of one; `actor` is in every context.

        A refused form comes back with the whole page: what that shows was read, whatever the status.
        """
        shown = {"actor": self.actor, **(context or {})}
        response = render(self.request, template, shown, status=status)
        response.shows = True  # type: ignore[attr-defined]
        return response


class FormPage(StaffView):
    """A page with one form: what is refused comes back with everything that was typed.

    Subclasses set `form_class` and `template`, and write `act(form)`, which calls one action and
    returns where to go.
    """

    form_class: ClassVar[type[Form]]
    template: ClassVar[str]

    def form(self, data: Any = None) -> Form:
        """Return the form, empty or with what was typed."""
        return self.form_class(data)

    def context(self) -> dict[str, Any]:
        """Return what the page shows besides the form."""
        return {}

    def act(self, form: Form) -> str:
        """Call the action; return the address of what comes next."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return self.show(self.template, {"form": self.form(), **self.context()})

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        form = self.form(request.POST)
        error: CarenetError | None = None
        if form.is_valid():
            try:
                with transaction.atomic():
                    return redirect_to(request, self.act(form))
            except NotFound:
                raise
            except CarenetError as refused:
                labels = {name: each.label for name, each in form.fields.items() if each.label}
                error = put_on_page(_on_this_page(refused), labels)
                blame(form, error)
        else:
            note_refused_choices(form)
        context = {"form": form, "error": error, **self.context()}
        status = error.status if error else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.show(self.template, context, status=status)


def _on_this_page(error: CarenetError) -> CarenetError:
    """Return what is said of an error on a page that shows how things stand now anyway."""
    if not isinstance(error, PreconditionFailed):
        return error
    return PreconditionFailed(
        _(
            "Somebody else has changed this meanwhile. The page shows how it stands now: look at it, "
            "and send what you typed once more if it still holds."
        )
    )


def note_refused_choices(form: Form) -> None:
    """Note for the trail the ids that a form names though they were not offered."""
    for name, errors in form.errors.as_data().items():
        if name in form.fields and any(each.code == "invalid_choice" for each in errors):
            rows = getattr(form.fields[name], "queryset", None)
            kind = str(rows.model._meta.model_name) if rows is not None else ""
            log_out_of_reach(kind, *ids_in([form.data.get(form.add_prefix(name))]))


def kind_of(request: HttpRequest) -> str:
    """Return what the trail calls the object that a page is about; "" where that is not told."""
    return next((kind for part in request.path.split("/") if (kind := KINDS.get(part, ""))), "")


def blame(form: Form, error: CarenetError) -> None:
    """Put what an action refused beside the field it is about; the rest above the form."""
    if not isinstance(error, Invalid):
        form.add_error(None, str(error.detail))
        return
    for path, message in error.fields.items():
        name = path.replace("/", "_")
        form.add_error(name if name in form.fields else None, str(message))


def complete_sign_in(request: HttpRequest, user: User) -> None:
    """Raise `Elsewhere` for whoever still has to choose a password or to show a second factor."""
    if user.password_is_first:
        raise Elsewhere(reverse("account_change_password"), signs_in=True)
    if settings.STAFF_SECOND_FACTOR and not has_second_factor(request, user):
        enrolled = is_mfa_enabled(user)
        asked = reverse("mfa_reauthenticate" if enrolled else "mfa_activate_totp")
        raise Elsewhere(asked, signs_in=True)


def sign_in_address(request: HttpRequest) -> str:
    """Return where to sign in, and come back to the page with its filters.

    Of its query only `FILTERS` go along, and of these what can be none but a code, a day or an id.
    """
    if request.method != "GET" or getattr(request, "htmx", False):
        return reverse("account_login")
    filters = [
        (name, value)
        for name, value in _asked(request)
        if name in FILTERS and _FILTER.fullmatch(value)
    ]
    page = f"{request.path}?{urlencode(filters)}" if filters else request.path
    return f"{reverse('account_login')}?{urlencode({'next': page})}"


def _asked(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.GET.lists():
        for value in values:
            yield name, value


def refuse(request: HttpRequest, error: CarenetError) -> HttpResponse:
    """Show an error in words: what it is, which basis is missing, what one can do."""
    if error.status in DENIALS:
        named = ids_named(request)
        log_denial(
            error.reason_code, *named, kind=kind_of(request), status=error.status, path=request.path
        )
    error = put_on_page(error)
    part = bool(getattr(request, "htmx", False))
    template = "staff/parts/error.html" if part else "staff/error.html"
    context = {"error": error, "actor": getattr(request, "actor", None)}
    response = render(request, template, context, status=error.status)
    if part:
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
    return response


def _as_domain_error(exc: Exception) -> CarenetError:
    if isinstance(exc, CarenetError):
        return exc
    if isinstance(exc, Http404):
        return NotFound()
    if getattr(exc.__cause__, "sqlstate", "") in TRY_AGAIN:
        return Busy(_("Somebody else is changing this right now. Try again."), retry_after=1)
    raise exc
