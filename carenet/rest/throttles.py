"""A ceiling on requests, per person, client or network: one runaway loop does not stop the rest."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from carenet.rest.views import AtomicIdempotentMixin


#: Households get a network of this size; one limit for all of its addresses (RFC 6177).
_IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """Return what every limit by address counts: the address, of IPv6 its network of 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _IPV6_PREFIX), strict=False))


class NetworkThrottle(SimpleRateThrottle):
    """Base of every throttle: whoever is counted by address is counted by network."""

    def get_ident(self, request: Request) -> str:
        return network_of(super().get_ident(request))


class PrincipalThrottle(NetworkThrottle):
    """`API_RATE` requests per principal; 429 with `Retry-After` above it."""

    scope = "principal"

    def get_cache_key(self, request: Request, view: APIView | AtomicIdempotentMixin) -> str | None:
        principal = getattr(view, "principal_key", None)
        key = principal(request) if principal else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": key}


class MatchingThrottle(PrincipalThrottle):
    """`MATCHING_RATE` look-ups per principal: hints are not for fishing."""

    scope = "matching"


class SearchThrottle(PrincipalThrottle):
    """`SEARCH_RATE` searches per principal."""

    scope = "search"
