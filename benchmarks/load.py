"""The people of a day at their browsers, in a process of their own: `python -m benchmarks.load`.

Reads what they do from standard input, writes what they got to standard output, both as JSON. It
imports nothing of the service: what it costs is counted for itself.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

HOST = "127.0.0.1"
#: Nobody waits for longer; the run stops then.
PATIENCE_SECONDS = 60.0
MOST_TOLD = 400


class Refused(Exception):
    """An answer that no measurement can go on after."""


@dataclass
class Result:
    """What came of it: each answer with its kind, when it was due, how long it took."""

    seconds: float
    begin: float = 0.0
    asked: int = 0
    answers: list[tuple[str, float, float]] = field(default_factory=list)
    refused: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def note(self, kind: str, due: float) -> None:
        now = time.monotonic()
        self.answers.append((kind, due - self.begin, now - due))

    @contextmanager
    def stop_on_refusal(self) -> Iterator[None]:
        try:
            yield
        except Refused as error:
            self.refused = self.refused or str(error)
            self.over.set()


class Browser:
    """One person's: signed in, with a connection that is kept as long as the server keeps it."""

    def __init__(self, port: int, person: dict[str, Any]) -> None:
        self.kinds: dict[str, dict[str, list[Any]]] = person["asks"]
        self.connection = HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
        self.headers = {
            "Cookie": person["cookie"],
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "127.0.0.1",
            "Referer": f"https://{HOST}:{port}/desk/",
            "X-CSRFToken": person["csrf"],
            "Accept-Language": "ja",
        }

    def ask(self, ask: dict[str, Any]) -> None:
        """Raises `Refused` for anything but an answer that shows what was asked for."""
        headers, body = dict(self.headers), None
        if "json" in ask:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
            body = json.dumps(ask["json"])
        elif "form" in ask:
            kind = "application/x-www-form-urlencoded"
            headers |= {"Content-Type": kind, "HX-Request": "true"}
            body = urlencode(ask["form"])
        status, text = self._answer(ask["method"], ask["address"], body, headers)
        # A redirect would lead to the sign-in, or away from what is to be measured.
        if not 200 <= status < 300:  # noqa: PLR2004
            told = text.decode(errors="replace")[:MOST_TOLD]
            raise Refused(f"{ask['method']} {ask['address']} answered {status}: {told}")

    def _answer(
        self, method: str, address: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Ask, once more over a new connection where the server has closed the old one meanwhile."""
        old = self.connection.sock is not None
        try:
            return self._over_the_connection(method, address, body, headers)
        except (HTTPException, OSError) as error:
            self.connection.close()
            if not old or isinstance(error, TimeoutError):
                raise Refused(f"{method} {address} got no answer: {error!r}") from error
        return self._answer(method, address, body, headers)

    def _over_the_connection(
        self, method: str, address: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def pick(self, chance: Random, shares: dict[str, float]) -> tuple[str, dict[str, Any]]:
        """Return what somebody does next: of a group by its share, of its kinds any."""
        [group] = chance.choices(list(shares), weights=list(shares.values()))
        kind = chance.choice(list(self.kinds[group]))
        return kind, chance.choice(self.kinds[group][kind])


Plan = dict[str, Any]


def people_who_think(plan: Plan, browsers: list[Browser], result: Result) -> Iterator[Any]:
    """Yield what each person does: think, ask, think again; nobody asks twice at once."""

    def live(browser: Browser, chance: Random) -> None:
        while not result.over.wait(chance.expovariate(1 / plan["think"])):
            kind, ask = browser.pick(chance, plan["shares"])
            due = time.monotonic()
            browser.ask(ask)
            result.note(kind, due)

    for number, browser in enumerate(browsers):
        yield live, browser, _chance(plan, number)


def requests_at_a_rate(plan: Plan, browsers: list[Browser], result: Result) -> Iterator[Any]:
    """Yield what each person does when requests come at a rate, whether or not any is answered.

    A request that finds everybody waiting is late from the moment when it was due.
    """
    due_at: queue.SimpleQueue[float | None] = queue.SimpleQueue()

    def take(browser: Browser, chance: Random) -> None:
        while (due := due_at.get()) is not None and not result.over.is_set():
            kind, ask = browser.pick(chance, plan["shares"])
            browser.ask(ask)
            result.note(kind, due)

    def let_come(_browser: Browser, chance: Random) -> None:
        due = result.begin
        while not result.over.wait(max(due - time.monotonic(), 0)):
            due_at.put(due)
            result.asked += 1
            due += chance.expovariate(plan["rate"])
        for _ in browsers:
            due_at.put(None)

    yield let_come, browsers[0], _chance(plan, len(browsers))
    for number, browser in enumerate(browsers):
        yield take, browser, _chance(plan, number)


def again_and_again(browser: Browser, result: Result, chance: Random) -> None:
    """Ask without a pause: what one caller does whom nothing slows down."""
    while not result.over.is_set():
        kind, ask = browser.pick(chance, {"again": 1})
        due = time.monotonic()
        browser.ask(ask)
        result.note(kind, due)


def run(plan: Plan) -> dict[str, Any]:
    """Return what the people of a plan got, and what it cost this process to ask for it."""
    browsers = [Browser(plan["port"], each) for each in plan["people"]]
    result = Result(plan["seconds"])
    way = requests_at_a_rate if plan["rate"] else people_who_think
    what = [*way(plan, browsers, result)]
    if plan["again"]:
        browsers.append(Browser(plan["port"], plan["again"]))
        what.append((again_and_again, browsers[-1], result, _chance(plan, -1)))
    threads = [_thread(result, *each) for each in what]
    before, result.begin = time.process_time(), time.monotonic()
    for thread in threads:
        thread.start()
    result.over.wait(plan["seconds"])
    result.over.set()
    for thread in threads:
        thread.join()
    for browser in browsers:
        browser.connection.close()
    return {
        "asked": result.asked,
        "answers": result.answers,
        "refused": result.refused,
        "processor_ms": (time.process_time() - before) * 1000,
    }


def _thread(result: Result, do: Callable[..., None], *told: Any) -> threading.Thread:
    def go() -> None:
        with result.stop_on_refusal():
            do(*told)

    return threading.Thread(target=go, daemon=True)


def _chance(plan: Plan, number: int) -> Random:
    """Return what decides for one of the people, the same in each run."""
    return Random(f"{plan['seed']} {number}")  # noqa: S311 - no secret


def main() -> None:
    json.dump(run(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
