"""What this room hangs into lower rooms: what of it stays when an agency closes."""

from __future__ import annotations

from carenet.agencies.registry import stays_with_agency


def register() -> None:
    """Called once, when the apps are ready."""
    stays_with_agency("administration.ClientRequest.agency")
