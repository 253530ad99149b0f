"""The web service's door for any WSGI server."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request, its charset left out: text is UTF-8.

    Django decodes the query in whatever codec the header names, before any of its middleware, and
    a codec that is not one of text is a crash.
    """
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
    return _django(environ, start_response)
