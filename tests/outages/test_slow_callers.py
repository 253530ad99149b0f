"""Who sends slowly, or reads slowly, keeps nobody else waiting."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import ExitStack

import pytest

from launch.processes import wait_for
from tests.outages.installation import PATIENCE, Installation

PAGE = "/sign-in/"
HEAD = b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
SLOW = {
    "headers": HEAD,
    "bodies": b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx",
    "readers": b"GET /static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js HTTP/1.1\r\n"
    b"Host: 127.0.0.1\r\n\r\n",
}


@pytest.mark.parametrize("kind", SLOW)
def test_two_hundred_slow_callers_keep_nobody_waiting(service: Installation, kind: str) -> None:
    assert service.gets_well(PAGE, 200)

    with ExitStack() as held:
        for _ in range(200):
            caller = held.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            caller.sendall(SLOW[kind])
        assert [service.page(PAGE).status for _ in range(10)] == [200] * 10


def test_a_killed_web_process_comes_back_and_the_other_goes_on(service: Installation) -> None:
    assert service.gets_well(PAGE, 200)
    before = service.children_of(service.web)
    killed = before[0]

    os.kill(killed, signal.SIGKILL)

    def replaced() -> bool:
        there = service.children_of(service.web)
        return len(there) == len(before) and killed not in there

    assert wait_for(replaced, PATIENCE)
    assert [service.page(PAGE).status for _ in range(10)] == [200] * 10
    assert "A web process ended (signal 9)" in service.web.service.log.read_text()


def test_after_a_killed_parent_no_web_process_is_left(doomed: Installation) -> None:
    assert doomed.gets_well(PAGE, 200)
    left = doomed.children_of(doomed.web)

    os.kill(doomed.web.group, signal.SIGKILL)

    assert wait_for(lambda: not any(map(doomed.is_there, left)), PATIENCE)
