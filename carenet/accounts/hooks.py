"""What of accounts hangs on an agency that closes, and who may act by their sign-in."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.accounts.actions.agency_closure import end_clients_of, end_sessions_of
from carenet.accounts.models import BrowserSession
from carenet.accounts.selectors import demand_complete_sign_in
from carenet.agencies.models import Agency, ApiClient
from carenet.agencies.registry import (
    ClosureBatch,
    ClosureKind,
    Review,
    add_closure_kinds,
    person_acts,
)
from carenet.agencies.states import ClosureOutcome


def register() -> None:
    """Called once, when the apps are ready."""
    person_acts.register(demand_complete_sign_in)
    add_closure_kinds(
        ClosureKind(
            name="sessions",
            label=_("signed-in browsers"),
            fate=ClosureOutcome.ENDS,
            found=_sessions,
            settle=end_sessions_of,
            columns=("agencies.BrowserSession.agency",),
        ),
        ClosureKind(
            name="clients",
            label=_("systems (API clients)"),
            fate=ClosureOutcome.ENDS,
            found=_clients,
            settle=end_clients_of,
            columns=("agencies.ApiClient.agency",),
            review=Review("created", _names_of_clients),
        ),
    )


def _sessions(agency: Agency) -> QuerySet[BrowserSession]:
    return BrowserSession.objects.filter(agency=agency)


def _clients(agency: Agency) -> QuerySet[ApiClient]:
    found: QuerySet[ApiClient] = ApiClient.objects.filter(agency=agency)
    return found


def _names_of_clients(batch: ClosureBatch) -> dict[int, str]:
    return {client.pk: f"{client.name} ({', '.join(client.scopes)})" for client in batch.rows}
