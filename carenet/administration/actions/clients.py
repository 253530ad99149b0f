"""A partner's system is let in by two administrators; its secret is shown once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.accounts.actions.clients import create_client, demand_scopes, renew_secret
from carenet.administration import policy
from carenet.administration.models import ClientRequest
from carenet.administration.states import ClientRequestState
from carenet.agencies.actions.locks import demand_valid
from carenet.agencies.actors import Administrator
from carenet.agencies.models import Agency, ApiClient
from carenet.agencies.roles import Scope
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.core.models import check_version

#: What the trail calls it.
KIND = "clientrequest"


@transaction.atomic
def propose_client(
    *, administrator: Administrator, agency: Agency, name: str, scopes: Iterable[Scope | str]
) -> ClientRequest:
    """Propose to let a partner's system in; raises `Invalid` for no scope, `Conflict` when closed."""
    if not agency.active:
        raise Conflict(_("This agency is closed already."), code="agency_inactive")
    return _propose(
        ClientRequest(
            agency=agency,
            name=name,
            scopes=demand_scopes(scopes),
            proposed_by=administrator.user,
        ),
        administrator,
    )


@transaction.atomic
def propose_new_secret(*, administrator: Administrator, client: ApiClient) -> ClientRequest:
    """Propose a new secret of a system that is there; raises `Conflict` where one waits already."""
    waiting = ClientRequest.objects.filter(
        client_id=client.client_id,
        state__in=[ClientRequestState.PROPOSED, ClientRequestState.CONFIRMED],
    )
    if waiting.exists():
        raise Conflict(_("A new secret of this system is proposed already."))
    return _propose(
        ClientRequest(
            agency=client.agency,
            name=client.name,
            scopes=client.scopes,
            renews=True,
            client_id=client.client_id,
            proposed_by=administrator.user,
        ),
        administrator,
    )


def _propose(request: ClientRequest, administrator: Administrator) -> ClientRequest:
    demand_valid(request)
    request.save(force_insert=True)
    log_write(
        administrator.who, "client_request.propose", KIND, request.pk,
        agency=str(request.agency_id), scopes=request.scopes, renews=request.renews,
    )  # fmt: skip
    return request


@transaction.atomic
def confirm_client(
    *, administrator: Administrator, request: ClientRequest, version: int | None = None
) -> ClientRequest:
    """Confirm what another administrator proposed; raises `Forbidden` for one's own, `Conflict`."""
    held = _lock(request, version, ClientRequestState.PROPOSED)
    demand(policy.can_confirm_client(administrator, held))
    held.state, held.confirmed_by = ClientRequestState.CONFIRMED, administrator.user
    held.save_version("state", "confirmed_by")
    log_write(administrator.who, "client_request.confirm", KIND, held.pk)
    return held


@transaction.atomic
def withdraw_client(
    *, administrator: Administrator, request: ClientRequest, version: int | None = None
) -> ClientRequest:
    """Take a request back, or refuse it, before its secret was shown; raises `Conflict` later."""
    open_states = (ClientRequestState.PROPOSED, ClientRequestState.CONFIRMED)
    held = _lock(request, version, *open_states)
    held.state, held.ended_at = ClientRequestState.WITHDRAWN, clock.now()
    held.save_version("state", "ended_at")
    log_write(administrator.who, "client_request.withdraw", KIND, held.pk)
    return held


@transaction.atomic
def collect_secret(
    *, administrator: Administrator, request: ClientRequest
) -> tuple[ApiClient, str]:
    """Let the system in, or renew its secret; return it with the secret, which is shown this once.

    Raises `Forbidden` for anybody but whoever proposed it, `Conflict` where its system is gone.
    """
    held = _lock(request, None, ClientRequestState.CONFIRMED)
    demand(policy.can_collect_secret(administrator, held))
    if held.renews:
        client, secret = _renew(administrator, held)
    else:
        client, secret = create_client(
            actor=administrator, agency=held.agency, name=held.name, scopes=held.scopes
        )
    held.state, held.ended_at = ClientRequestState.DONE, clock.now()
    held.client_id = client.client_id
    held.save_version("state", "ended_at", "client_id")
    return client, secret


def _renew(administrator: Administrator, request: ClientRequest) -> tuple[ApiClient, str]:
    client = ApiClient.objects.filter(client_id=request.client_id).first()
    if client is None:
        raise Conflict(_("This system was shut out meanwhile. Let it in anew."))
    return client, renew_secret(actor=administrator, client=client)


def _lock(
    request: ClientRequest, version: int | None, *wanted: ClientRequestState
) -> ClientRequest:
    rows = ClientRequest.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("agency").get(pk=request.pk)
    check_version(held, version)
    if held.state not in wanted:
        raise Conflict(
            _("This request is over, or waits for somebody else. Look at the list again.")
        )
    return held
