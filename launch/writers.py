"""Systems that record consultations, and try again under the same key until it is done."""

import base64
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launch.output import LaunchError
from launch.readiness import HOST

WRITERS = 4
PAUSE = 0.25
PATIENCE = 30.0
PLACE = "/api/v1/consultations/"
AGENCY = "嵐の日の地域ケアプラザ"
MAKE_AGENCY = (
    "from carenet.agencies.actions import create_agency; "
    f"create_agency(actor=None, kind='CARE_PLAZA', name='{AGENCY}', name_kana='アラシ')"
)
#: Who answers for what the systems write.
PERSON = "Arashi Hanako"
CREATED = 201
OK = 200


class Writers:
    """Some systems at work: what they were told is recorded, and how often which answer came."""

    def __init__(self, port: int, client: str, secret: str) -> None:
        self.port = port
        self._pair = base64.b64encode(f"{client}:{secret}".encode()).decode()
        self.told: list[str] = []
        #: How many systems gave up, or went on asking until nobody waited for them any more.
        self.undone = 0
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0
        self._end = threading.Event()
        self._ended = 0
        self._counting = threading.Lock()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them write meanwhile; what they have begun they bring to its end."""
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._end.set()
            until = time.monotonic() + PATIENCE * 2
            for thread in threads:
                thread.join(max(0.0, until - time.monotonic()))
            self.undone = WRITERS - self._ended

    def _work(self) -> None:
        """Write until the end; only who came to it counts as ended."""
        self._write()
        with self._counting:
            self._ended += 1

    def _write(self) -> None:
        token = self._token()
        while not self._end.is_set():
            content = f"storm {uuid.uuid4()}"
            key = str(uuid.uuid4())
            body = json.dumps(
                {
                    "channel": "phone",
                    "relationship": "self",
                    "topics": ["care"],
                    "main_topic": "care",
                    "content": content,
                    "subject_description": "本人",
                }
            )
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "Carenet-Acting-Person": PERSON,
            }
            self._until_done(body, headers)
            self.told.append(content)
            time.sleep(PAUSE)

    def _until_done(self, body: str, headers: dict[str, str]) -> None:
        while self._ask(PLACE, body, headers)[0] != CREATED:
            time.sleep(PAUSE)

    def _token(self) -> str:
        headers = {
            "Authorization": f"Basic {self._pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        while True:
            status, text = self._ask("/oauth/token/", "grant_type=client_credentials", headers)
            if status == OK:
                return str(json.loads(text)["access_token"])
            time.sleep(PAUSE)

    def _ask(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        """Return status and body; 0 when the connection broke, as it does with a killed process."""
        begun = time.monotonic()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("POST", path, body.encode(), headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            status, text = 0, ""
        finally:
            connection.close()
        self.answers[status] += 1
        self.slowest = max(self.slowest, time.monotonic() - begun)
        return status, text


def well(port: int) -> bool:
    """Whether pages come, whichever process is asked."""
    return all(_page(port) == OK for _ in range(6))


def _page(port: int) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/sign-in/", headers={"Accept": "text/html"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def p95(port: int, times: int) -> float:
    """Ask for a page so often, one after the other; return the 95th percentile in seconds."""
    taken = []
    for _each in range(times):
        begun = time.monotonic()
        _page(port)
        taken.append(time.monotonic() - begun)
    return sorted(taken)[int(times * 0.95)]


def api_client(
    environment: Mapping[str, str], folder: Path, python: str = sys.executable
) -> tuple[str, str]:
    """Make an agency and a system of its; return id and secret."""
    _manage(python, environment, folder, "shell", "-c", MAKE_AGENCY)
    scopes = ("--scopes", "consultations:read", "consultations:write")
    named = ("--agency", AGENCY, "--name", "嵐", *scopes)
    said = _manage(python, environment, folder, "create_api_client", *named)
    told = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    return told["client_id"], told["client_secret"]


def _manage(python: str, environment: Mapping[str, str], folder: Path, *arguments: str) -> str:
    argv = (python, "manage.py", *arguments)
    done = subprocess.run(
        argv, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LaunchError("準備に失敗しました。", f"{arguments[0]} failed: {done.stderr[-500:]}")
    return done.stdout


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
