"""OAuth 2.0 as partners use it: client credentials only, and only the scopes the client was given."""

from __future__ import annotations

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib.common import Request

from carenet.agencies.models import ApiClient
from carenet.agencies.roles import Scope


class AgencyScopes(BaseScopes):
    """The scopes of the role table; a client has those that its agency's contract names."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(
        self, application: ApiClient | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(application.scopes) if application else []

    def get_default_scopes(
        self, application: ApiClient | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)


class ClientCredentialsOnly(OAuth2Validator):
    """No grant but client credentials, whatever a request asks for."""

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: ApiClient, request: Request, **kwargs: Any
    ) -> bool:
        return grant_type == "client_credentials" and client.agency.active
