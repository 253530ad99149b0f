"""The answer of a policy: allowed, or denied with the reason and the basis that is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from carenet.core.errors import Forbidden

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """Not this actor, or not on this object; a person is shown both texts.

    `reason` says why, `basis` what ground (a role, a grant, a part in the referral) would be needed.
    """

    reason: StrOrPromise
    basis: StrOrPromise = ""
    code: str = "forbidden"

    def __bool__(self) -> Literal[False]:
        return False


Decision: TypeAlias = Allowed | Denied

ALLOWED = Allowed()


def demand(decision: Decision) -> None:
    """Raise `Forbidden` with the denial's own words unless the decision allows."""
    if isinstance(decision, Denied):
        raise Forbidden(decision.reason, basis=decision.basis, code=decision.code)
