"""A form acts once: it carries a key that was made with its page.

The key's row stands in the transaction of the effect. A twin that arrives meanwhile waits for it, and
is led to what the first one made. What was refused has not acted: its key stays free.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac

from carenet.agencies.models import User
from carenet.audit.actions import current_context
from carenet.rest.problems import CLIENT_ERROR
from carenet.staff.models import SentForm
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.templatetags.once import KEY

#: Where an answer says to which address it leads, to a browser, to htmx and to the page's script.
LEADS = ("Location", "HX-Redirect", "X-Go")
#: What the address of a second answer says besides: the page tells that it had been sent before.
AGAIN = "again"
#: What a form sends that is not its content.
BESIDE = frozenset({KEY, "csrfmiddlewaretoken"})


def once(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a form by `act`, or lead to what it has made before.

    A key counts for the account that was signed in; a form without one acts each time. Where the same
    form comes with other content, nothing is done before its sender has said what is meant.
    """
    key = key_in(request)
    if key is None or not isinstance(request.user, User):
        return act()
    sent, first = SentForm.objects.get_or_create(
        user=request.user, key=key, defaults={"fingerprint": _fingerprint(request)}
    )
    if not first:
        return _repeated(request, sent)
    trail = current_context()
    before = trail.written
    response = act()
    if response.status_code < CLIENT_ERROR and trail.written > before:
        led = next((response.headers[each] for each in LEADS if each in response.headers), "")
        sent.address = getattr(request, "made", led)
        sent.save(update_fields=["address"])
    else:
        sent.delete()
    return response


def has_acted(user: User, key: UUID) -> bool:
    """Whether a form has acted; waits for one that is at it just now."""
    held, free = SentForm.objects.get_or_create(user=user, key=key)
    if free:
        held.delete()
    return not free


def address_of(user: User, key: UUID) -> str | None:
    """Return where a form has led that has acted; None for one that has not."""
    return SentForm.objects.filter(user=user, key=key).values_list("address", flat=True).first()


def key_in(request: HttpRequest) -> UUID | None:
    """Return the key that a form was sent with; None without one, and for what is none."""
    try:
        return UUID(request.POST.get(KEY, "")) if request.method == "POST" else None
    except ValueError:
        return None


def _fingerprint(request: HttpRequest) -> str:
    """Return what tells one content from another, and tells nothing of either."""
    given = [(name, values) for name, values in sorted(request.POST.lists()) if name not in BESIDE]
    text = json.dumps([request.path, given, list(_files(request))])
    return salted_hmac("carenet.once", text, algorithm="sha256").hexdigest()


def _files(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            yield name, str(file.name), digest.hexdigest()


def _repeated(request: HttpRequest, sent: SentForm) -> HttpResponse:
    part = bool(getattr(request, "htmx", False))
    same = sent.fingerprint == _fingerprint(request)
    if same and (sent.address or not part):
        return redirect_to(request, _address_of_repeat(sent.address or reverse("staff-today")))
    context = {
        "actor": getattr(request, "actor", None),
        "sent": sent,
        "same": same,
        "given": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in BESIDE
            for value in values
        ],
        "files": bool(request.FILES),
    }
    if not part:
        return render(request, "staff/sent_before.html", context, status=HTTPStatus.CONFLICT)
    response = render(request, "staff/parts/sent_before.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
    return response


def _address_of_repeat(address: str) -> str:
    """Return the address, so that its page tells that the form had been sent before."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query[AGAIN] = ""
    return urlunsplit(parts._replace(query=query.urlencode()))
