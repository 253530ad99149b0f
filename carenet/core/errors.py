"""The domain's errors: raised where a rule is broken, formatted in `carenet.rest.problems`.

Each class carries the HTTP status and the stable `code` that partners program against. `detail`
is the sentence a person reads and always says what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CarenetError(Exception):
    """Base of every error that a caller may cause; never raised itself."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[StrOrPromise]

    def __init__(self, detail: StrOrPromise, *, code: str = "") -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.reason_code = code or self.code


class Invalid(CarenetError):
    """The input breaks a rule that only the domain knows.

    `fields` maps the path of a body field (`need_met`, `plan/goal`) to what is wrong with it.
    """

    status = 400
    code = "invalid"
    title = _("The input is not valid")

    def __init__(self, fields: Mapping[str, StrOrPromise]) -> None:
        super().__init__(_("Correct the fields listed under “errors” and send again."))
        self.fields = fields


class NeedsItsObject(Invalid):
    """A lawful basis that rests on an object (a meeting, a disaster) was only written down as a word."""

    code = "basis_needs_its_object"

    def __init__(self, fields: Mapping[str, StrOrPromise]) -> None:
        super().__init__(fields)
        self.detail = " ".join(str(words) for words in fields.values())


class AmbiguousAgency(CarenetError):
    """The caller belongs to several agencies (or to none) and did not say for which one it acts."""

    status = 400
    code = "ambiguous_agency"
    title = _("It is not clear for which agency you act")


class ActingPersonMissing(CarenetError):
    """A client writes without saying who answers for it."""

    status = 400
    code = "acting_person_missing"
    title = _("Nobody answers for this")

    def __init__(self) -> None:
        super().__init__(
            _("Send the name of the person who does this in the header Carenet-Acting-Person.")
        )


class Forbidden(CarenetError):
    """The object is within reach, the deed is not; `basis` names the ground that is missing."""

    status = 403
    code = "forbidden"
    title = _("Not permitted")

    def __init__(self, detail: StrOrPromise, *, basis: StrOrPromise = "", code: str = "") -> None:
        super().__init__(detail, code=code)
        self.basis = basis


class CsrfFailed(Forbidden):
    """A session's write without the token that proves that our own pages sent it."""

    code = "csrf_failed"

    def __init__(self) -> None:
        told = _("Send the value of the cookie %(cookie)s in the header X-CSRFToken.")
        super().__init__(told % {"cookie": settings.CSRF_COOKIE_NAME})


class NotFound(CarenetError):
    """Absent, or out of the caller's reach: the answer is the same in both cases."""

    status = 404
    code = "not_found"
    title = _("Not found")

    def __init__(self) -> None:
        super().__init__(
            _("There is nothing here that you may see. Check the address and your agency.")
        )


class Gone(CarenetError):
    """The record has become part of another one, which the caller may see: `successor` is its id."""

    status = 410
    code = "merged"
    title = _("This record has become part of another one")

    def __init__(self, successor: UUID) -> None:
        super().__init__(_("Read the record named under “successor” instead."))
        self.successor = successor


class Conflict(CarenetError):
    """The object is no longer in the state that the request needs; nothing was changed."""

    status = 409
    code = "conflict"
    title = _("The state does not allow this")


class Duplicate(Conflict):
    """The same thing exists already, as far as the caller sees it; `duplicates` names it."""

    def __init__(
        self, detail: StrOrPromise, *, code: str, duplicates: Sequence[Mapping[str, str]]
    ) -> None:
        super().__init__(detail, code=code)
        self.duplicates = duplicates


class ForAnotherDesk(Conflict):
    """Another desk is competent for this; `desks` names each, with telephone, hours and source."""

    code = "other_desk"

    def __init__(
        self, detail: StrOrPromise, *, code: str = "", desks: Sequence[Mapping[str, Any]]
    ) -> None:
        super().__init__(detail, code=code)
        self.desks = desks


class Busy(CarenetError):
    """Another request holds what this one needs; `retry_after` seconds later it may be free."""

    status = 409
    code = "busy"
    title = _("Another request is still running")

    def __init__(self, detail: StrOrPromise, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(CarenetError):
    """What the service needs is away; `retry_after` seconds later it may be back."""

    status = 503
    code = "unavailable"
    title = _("The service is not available right now")

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(_("The service cannot reach its data. Wait a moment, then try again."))
        self.retry_after = retry_after


class PreconditionFailed(CarenetError):
    """`If-Match` names a version that is not the current one."""

    status = 412
    code = "version_changed"
    title = _("Somebody else has changed this meanwhile")


class KeyReused(CarenetError):
    """An `Idempotency-Key` came back with another body."""

    status = 422
    code = "idempotency_key_reused"
    title = _("The idempotency key was used for another request")


class PreconditionRequired(CarenetError):
    """A change needs `If-Match`, so that nobody overwrites what they have not seen."""

    status = 428
    code = "if_match_required"
    title = _("The version that you change is missing")


class TooManyTries(CarenetError):
    """Somebody has tried too often; after `retry_after` seconds they may again."""

    status = 429
    code = "throttled"
    title = _("Too many tries")

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(_("Wait a few minutes, then try again."))
        self.retry_after = retry_after
