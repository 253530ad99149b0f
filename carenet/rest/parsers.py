"""The one body format that the API reads: a JSON object in UTF-8."""

from __future__ import annotations

from json import JSONDecodeError
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from carenet.rest.text import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping


class StrictJSONParser(JSONParser):
    """JSON with its text in canonical form; anything but an object is refused by name.

    JSON is UTF-8 (RFC 8259), whatever charset the content type claims.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            body = canonical_json(super().parse(stream, media_type, {"encoding": "utf-8"}))
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ParseError as error:
            raise _where(error) from None
        if not isinstance(body, dict):
            raise ParseError(_("Send one JSON object: { … }."))
        return body


def _where(error: ParseError) -> ParseError:
    """Say in the reader's language where the JSON ends to be JSON."""
    cause = error.__context__
    if not isinstance(cause, JSONDecodeError):
        return ParseError(_("The body is not JSON in UTF-8."))
    return ParseError(
        _("This is not JSON from line %(line)d, column %(column)d on.")
        % {"line": cause.lineno, "column": cause.colno}
    )
