"""Asks the running service whether all its parts work."""

import http.client
import json
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
PROBE_SECONDS = 5.0


@dataclass(frozen=True)
class Health:
    """One answer of `/healthz`: fine, or what is missing, as far as we know."""

    ready: bool
    missing: str = "web"


def port_taken(port: int) -> bool:
    """Whether something listens on the port, or it may not be used at all."""
    with socket.socket() as probe:
        # As the web server does: a port whose last connections are only fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def health(port: int) -> Health:
    """Ask once. No answer at all counts as the web server missing."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return Health(ready=False)
    finally:
        connection.close()
    return Health(ready=True) if answer.status == http.HTTPStatus.OK else _unavailable(body)


def _unavailable(body: bytes) -> Health:
    try:
        return Health(ready=False, missing=str(json.loads(body)["part"]))
    except (ValueError, KeyError, TypeError):
        return Health(ready=False)
