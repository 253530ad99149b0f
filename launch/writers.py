"""Systems that record consultations, and try again under the same key until it is done."""

import base64
import http.client
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from launch.readiness import HOST

WRITERS = 4
PAUSE = 0.25
PATIENCE = 30.0
PLACE = "/api/v1/consultations/"
CREATED = 201
OK = 200


class Writers:
    """Some systems at work: what they were told is recorded, and how often which answer came."""

    def __init__(self, port: int, client: str, secret: str) -> None:
        self.port = port
        self._pair = base64.b64encode(f"{client}:{secret}".encode()).decode()
        self.told: list[str] = []
        self.answers: Counter[int] = Counter()
        self.slowest = 0.0
        self._end = threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them write meanwhile; what they have begun they bring to its end."""
        threads = [threading.Thread(target=self._write, daemon=True) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._end.set()
            for thread in threads:
                thread.join(PATIENCE * 2)

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
