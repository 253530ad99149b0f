"""What the demo checks before anything starts, and what it shows when it is up."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from launch import demo_checks
from launch.banner import table, welcome, written_address
from launch.output import LaunchError
from launch.paths import DEMO_LOCK, locked
from launch.readiness import Health, health, port_taken


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_taken_port_is_refused_by_number(taken_port: int) -> None:
    with pytest.raises(LaunchError) as caught:
        demo_checks.chosen_port({"PORT": str(taken_port)})

    assert str(taken_port) in caught.value.japanese
    assert f"Port {taken_port} is taken" in caught.value.english


def test_a_free_port_is_taken_as_it_is() -> None:
    port = free_port()

    assert demo_checks.chosen_port({"PORT": str(port)}) == port
    assert not port_taken(port)


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "80 "])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(LaunchError):
        demo_checks.chosen_port({"PORT": text})


def test_a_second_demo_of_a_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_checks, "state_folder", lambda: tmp_path)

    with locked(tmp_path / DEMO_LOCK), pytest.raises(LaunchError) as caught:
        demo_checks.demo_can_start()

    assert "already running" in caught.value.english


class Unwell(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "unavailable", "part": "worker"}).encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing into the test's output."""


def test_the_missing_part_is_read_from_the_answer() -> None:
    with HTTPServer(("127.0.0.1", 0), Unwell) as server:
        answering = Thread(target=server.handle_request)
        answering.start()
        answer = health(server.server_port)
        answering.join()

    assert answer == Health(ready=False, missing="worker")


def test_without_an_answer_the_web_server_is_missing() -> None:
    assert health(free_port()) == Health(ready=False, missing="web")


def test_columns_line_up_on_screen_with_japanese() -> None:
    lines = table({"a": "所属", "b": "x"}, [{"a": "区役所", "b": 1}, {"a": "abc", "b": ["p", "q"]}])

    assert lines.splitlines() == ["所属    x", "------  ---", "区役所  1", "abc     p q"]


def test_the_welcome_names_address_accounts_and_clients(tmp_path: Path) -> None:
    account = {"username": "mamedo", "password": "pw", "agency": "大豆戸", "role": "manager"}
    page = {
        "page": "窓口",
        "address": "http://here/desk/",
        "username": "mamedo",
        "password": "pw",
    }
    client = {"client_id": "id", "client_secret": "s3", "agency": "区", "scopes": ["read"]}
    file = tmp_path / "demo.json"
    file.write_text(
        json.dumps(
            {
                "base_url": "http://here",
                "accounts": [account],
                "clients": [client],
                "pages": [page],
            }
        ),
        encoding="utf-8",
    )

    text = welcome(file)

    assert all(part in text for part in ("http://here/desk/", "mamedo", "大豆戸", "s3"))
    assert written_address(file) == "http://here"


def test_without_a_file_no_address_was_written(tmp_path: Path) -> None:
    assert written_address(tmp_path / "demo.json") is None
