"""The one body format that the API reads: a JSON object in UTF-8."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from json import JSONDecodeError
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

from carenet.rest.text import canonical_json


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
            body = canonical_json(
                json.loads(
                    stream.read().decode(), parse_constant=strict_constant, object_pairs_hook=_once
                )
            )
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as error:
            raise _where(error) from None
        if not isinstance(body, dict):
            raise ParseError(_("Send one JSON object: { … }."))
        return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; raises `ParseError` for a name that stands there twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _value in pairs)
        twice = sorted(name for name, number in counted.items() if number > 1)
        raise ParseError(
            _("A name stands twice in one JSON object: %(names)s. Say each once.")
            % {"names": ", ".join(each[:100] for each in twice[:10])}
        )
    return found


def _where(error: ValueError) -> ParseError:
    """Say in the reader's language where the JSON ends to be JSON."""
    if not isinstance(error, JSONDecodeError):
        return ParseError(_("The body is not JSON in UTF-8."))
    return ParseError(
        _("This is not JSON from line %(line)d, column %(column)d on.")
        % {"line": error.lineno, "column": error.colno}
    )
