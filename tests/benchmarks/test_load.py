"""The people at their browsers: they keep a connection, and stop at the first refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from benchmarks.load import run


class Answering(BaseHTTPRequestHandler):
    """A server of which the status, and how it ends a connection, are told by the address."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/").split("/")[0]))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
        self.close_connection = self.path.endswith("/closing/")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def a_server() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def somebody(group: str, kind: str, address: str) -> dict[str, Any]:
    ask = {"method": "GET", "address": address}
    return {"cookie": "", "csrf": "", "asks": {group: {kind: [ask]}}}


def asked(address: str, **told: Any) -> dict[str, Any]:
    person = somebody("all", "one", address)
    with a_server() as port:
        plan = {"port": port, "people": [person], "shares": {"all": 1}, "seconds": 0.3, "seed": 1}
        return run({**plan, "think": 0.02, "rate": 0, "again": None, **told})


def test_each_answer_is_noted_with_its_kind() -> None:
    found = asked("/200/")
    assert {kind for kind, _due, _took in found["answers"]} == {"one"}
    assert found["refused"] == ""


def test_the_first_refusal_ends_the_run_and_is_told() -> None:
    found = asked("/404/", seconds=60)
    assert found["refused"] == "GET /404/ answered 404: ok"


def test_a_redirect_is_a_refusal() -> None:
    assert "answered 302" in asked("/302/", seconds=60)["refused"]


def test_a_connection_that_the_server_has_closed_is_opened_anew() -> None:
    found = asked("/200/closing/")
    assert len(found["answers"]) > 1
    assert found["refused"] == ""


def test_requests_come_at_a_rate_whether_or_not_they_are_answered() -> None:
    found = asked("/200/", rate=100)
    assert found["asked"] > 1


def test_one_caller_asks_again_without_a_pause() -> None:
    found = asked("/200/", again=somebody("again", "again", "/200/"))
    assert "again" in {kind for kind, _due, _took in found["answers"]}
