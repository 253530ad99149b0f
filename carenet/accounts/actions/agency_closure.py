"""What of accounts ends with an agency that closes."""

from __future__ import annotations

from carenet.accounts.actions.clients import end_client
from carenet.accounts.models import BrowserSession
from carenet.agencies.registry import ClosureBatch


def end_sessions_of(batch: ClosureBatch) -> None:
    """Sign everybody out who acts for the agency."""
    BrowserSession.objects.filter(pk__in=batch.ids).delete()


def end_clients_of(batch: ClosureBatch) -> None:
    """Shut its systems out."""
    for client in batch.rows:
        end_client(client=client)
