"""Partners' systems: OAuth 2.0 clients, bound to one agency."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret

from carenet.agencies import policy
from carenet.agencies.actions.locks import who_of
from carenet.agencies.actors import DirectoryKeeper
from carenet.agencies.models import Agency, ApiClient
from carenet.agencies.registry import readers_gained
from carenet.agencies.roles import Scope
from carenet.audit.actions import log_write
from carenet.core.decisions import demand
from carenet.core.errors import Invalid


@transaction.atomic
def create_client(
    *, actor: DirectoryKeeper = None, agency: Agency, name: str, scopes: Iterable[Scope | str]
) -> tuple[ApiClient, str]:
    """Let a system of an agency in; returns the client and its secret.

    The secret is kept as a hash only: whoever loses it needs a new client. Raises `Invalid` for a
    scope that does not exist, or none.
    """
    demand(policy.can_keep_directory(actor))
    secret = generate_client_secret()
    client = ApiClient.objects.create(
        agency=agency,
        name=name,
        scopes=demand_scopes(scopes),
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    log_write(
        who_of(actor), "agency.create_client", "agency", agency.pk,
        client=client.client_id, scopes=client.scopes,
    )  # fmt: skip
    readers_gained(agency=agency)
    return client, secret


@transaction.atomic
def renew_secret(*, actor: DirectoryKeeper = None, client: ApiClient) -> str:
    """Give a system a new secret, and return it: the one before and every token of it end at once."""
    demand(policy.can_keep_directory(actor))
    held = ApiClient.objects.select_for_update().get(pk=client.pk)
    secret: str = generate_client_secret()
    held.client_secret = secret
    held.save(update_fields=["client_secret"])
    held.accesstoken_set.all().delete()
    log_write(
        who_of(actor), "agency.renew_client_secret", "agency", held.agency_id, client=held.client_id
    )
    return secret


@transaction.atomic
def end_client(*, actor: DirectoryKeeper = None, client: ApiClient) -> None:
    """Shut a system out at once: its tokens go with it, and its secret opens nothing any more.

    What it did stays in the trail, under its client id.
    """
    demand(policy.can_keep_directory(actor))
    held = ApiClient.objects.select_for_update().get(pk=client.pk)
    held.delete()
    log_write(
        who_of(actor), "agency.end_client", "agency", client.agency_id, client=client.client_id
    )


def demand_scopes(scopes: Iterable[Scope | str]) -> list[str]:
    """Return the scopes in the table's order; raises `Invalid` for none, or one that does not exist."""
    wanted = {str(scope) for scope in scopes}
    given = [scope.value for scope in Scope if scope in wanted]
    if not given or len(given) < len(wanted):
        known = ", ".join(scope.value for scope in Scope)
        raise Invalid({"scopes": _("Choose at least one of: %(scopes)s.") % {"scopes": known}})
    return given
