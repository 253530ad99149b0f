"""Firefox by WebDriver BiDi, which it speaks itself: no driver lies between, and no package is needed.

Only what a `Hand` asks of a page is here. https://w3c.github.io/webdriver-bidi/
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Error

from benchmarks import days, screens
from benchmarks.figures import Figure
from benchmarks.hand import DESK, PHONE, SCRIPT, Hand
from benchmarks.house import House, served, walk
from carenet.demo.agencies import PASSWORD

PROGRAMS = ("firefox-esr", "firefox")
#: The first start makes a profile.
START_SECONDS, ANSWER_SECONDS = 60.0, 30.0
PREFERENCES = 'user_pref("intl.accept_languages", "ja");\nuser_pref("app.update.enabled", false);\n'
#: Frames of fewer bytes say their length at once; this means two bytes more, one above it eight.
SHORT_FRAME = 126
EVENTS = {
    "browsingContext.domContentLoaded": "domcontentloaded",
    "network.beforeRequestSent": "request",
    "network.responseCompleted": "requestfinished",
    "network.fetchError": "requestfailed",
}
FILL = """(each, words) => {
  each.focus();
  each.value = words;
  for (const name of ["input", "change"]) each.dispatchEvent(new Event(name, { bubbles: true }));
}"""


class Failed(Error):
    """What Firefox answered to something that it could not do."""


class Wire:
    """A WebSocket of text frames (RFC 6455) to one Firefox, and the commands that go over it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /session HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
        )  # fmt: skip
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.heard = b""
        while b"\r\n\r\n" not in self.heard:
            self.heard += self.socket.recv(65536)
        self.heard = self.heard.partition(b"\r\n\r\n")[2]
        self.number = 0
        self.listeners: dict[str, Callable[[str, dict[str, Any]], None]] = {}

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """Send a command, and return its result."""
        self.number += 1
        text = json.dumps({"id": self.number, "method": method, "params": given}).encode()
        self.socket.sendall(_frame_of(text))
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            told = self._next(end)
            if told and told.get("id") == self.number:
                if told["type"] == "error":
                    raise Failed(f"{method}: {told['message']}")
                return dict(told["result"])
        raise Failed(f"{method}: no answer in {ANSWER_SECONDS:g} s")

    def listen(self, seconds: float) -> None:
        """Hear for so long what happens."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._next(end)

    def _next(self, end: float) -> dict[str, Any] | None:
        text = self._frame(end)
        if text is None:
            return None
        told: dict[str, Any] = json.loads(text)
        if told["type"] == "event":
            about = told["params"]
            if listener := self.listeners.get(about.get("context") or ""):
                listener(told["method"], about)
            return None
        return told

    def _frame(self, end: float) -> bytes | None:
        words = b""
        while True:
            head = self._bytes(2, end)
            if head is None:
                return None
            length = head[1] & 0x7F
            if length >= SHORT_FRAME:
                form = "!H" if length == SHORT_FRAME else "!Q"
                length = struct.unpack(form, self._all(struct.calcsize(form)))[0]
            words += self._all(length)
            if head[0] & 0x80:
                return words

    def _all(self, count: int) -> bytes:
        found = self._bytes(count, time.monotonic() + ANSWER_SECONDS)
        if found is None:
            raise Failed("Firefox stopped in the middle of what it said.")
        return found

    def _bytes(self, count: int, end: float) -> bytes | None:
        while len(self.heard) < count:
            self.socket.settimeout(max(end - time.monotonic(), 0.001))
            try:
                more = self.socket.recv(65536)
            except TimeoutError:
                return None
            if not more:
                raise Failed("Firefox has hung up.")
            self.heard += more
        found, self.heard = self.heard[:count], self.heard[count:]
        return found


def _frame_of(text: bytes) -> bytes:
    """Return one masked frame; its length takes no more bytes than it needs."""
    mask, size = os.urandom(4), len(text)
    if size < SHORT_FRAME:
        head = struct.pack("!BB", 0x81, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", 0x81, 0x80 | SHORT_FRAME, size)
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | SHORT_FRAME + 1, size)
    return head + mask + bytes(each ^ mask[place % 4] for place, each in enumerate(text))


@dataclass(frozen=True, slots=True)
class Element:
    """Something on a page, as a `Hand` handles it."""

    page: Page
    reference: dict[str, Any]

    def as_element(self) -> Element | None:
        return self if self.reference["type"] == "node" else None

    def evaluate(self, code: str, given: Any = None) -> Any:
        return self.page.call(code, self.reference, given)

    def click(self) -> None:
        self.evaluate("each => each.scrollIntoView({ block: 'center', behavior: 'instant' })")
        move = {
            "type": "pointerMove", "x": 0, "y": 0,
            "origin": {"type": "element", "element": {"sharedId": self.reference["sharedId"]}},
        }  # fmt: skip
        press = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        actions = [{"type": "pointer", "id": "mouse", "actions": press}]
        self.page.wire.ask("input.performActions", context=self.page.id, actions=actions)

    def input_value(self) -> str:
        return str(self.evaluate("each => each.value"))

    def fill(self, words: str) -> None:
        self.evaluate(FILL, words)

    select_option = fill


class Page:
    """One tab: what a `Hand` needs of Playwright's."""

    def __init__(self, wire: Wire, user: str, size: Any) -> None:
        self.wire = wire
        self.user = user
        self.id = wire.ask("browsingContext.create", type="tab", userContext=user)["context"]
        wire.ask("browsingContext.setViewport", context=self.id, viewport=dict(size))
        self.handlers: dict[str, list[Callable[[Any], None]]] = defaultdict(list)
        wire.listeners[self.id] = self._happened
        self.context = self

    def _happened(self, method: str, about: dict[str, Any]) -> None:
        name = EVENTS.get(method, "")
        thing = about.get("request", {}).get("request", self)
        for each in self.handlers[name]:
            each(thing)

    def on(self, name: str, handler: Callable[[Any], None]) -> None:
        self.handlers[name].append(handler)

    def goto(self, address: str) -> None:
        self.wire.ask("browsingContext.navigate", context=self.id, url=address, wait="complete")

    def set_offline(self, offline: bool) -> None:
        conditions = {"type": "offline"} if offline else None
        self.wire.ask(
            "emulation.setNetworkConditions", networkConditions=conditions, contexts=[self.id]
        )

    def evaluate(self, code: str, given: Any = None) -> Any:
        look = code if "=>" in code.split("(", 2)[0] or code.startswith("(") else f"() => {code}"
        return self.call(look, None, given)

    def evaluate_handle(self, code: str, given: Any = None) -> Any:
        if "=>" not in code:
            code = f"() => {code}"
        told = self._told(f"text => ({code})(JSON.parse(text))", [_text(json.dumps(given))])
        if told["type"] == "array":
            return Several([Element(self, each) for each in told["value"]])
        return Element(self, told)

    def call(self, code: str, reference: dict[str, Any] | None, given: Any) -> Any:
        """Call a function of a page, with an element or without; return what it says."""
        before = "each, " if reference else ""
        body = f"({before}text) => JSON.stringify(({code})({before}JSON.parse(text))) ?? 'null'"
        arguments = [_text(json.dumps(given))]
        if reference:
            arguments.insert(0, {"sharedId": reference["sharedId"]})
        return json.loads(self._told(body, arguments)["value"])

    def _told(self, code: str, arguments: list[dict[str, Any]]) -> dict[str, Any]:
        told = self.wire.ask(
            "script.callFunction", functionDeclaration=code, arguments=arguments,
            target={"context": self.id}, awaitPromise=True,
        )  # fmt: skip
        if told["type"] == "exception":
            raise Failed(told["exceptionDetails"]["text"])
        return dict(told["result"])

    def wait_for_timeout(self, milliseconds: float) -> None:
        self.wire.listen(milliseconds / 1000)

    def wait_for_load_state(self) -> None:
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end and self.evaluate("document.readyState") != "complete":
            self.wire.listen(0.1)


class Several:
    """Elements in an array, as Playwright gives them."""

    def __init__(self, found: list[Element]) -> None:
        self.found = found

    def get_properties(self) -> dict[str, Element]:
        return {str(place): each for place, each in enumerate(self.found)}


def _text(words: str) -> dict[str, str]:
    return {"type": "string", "value": words}


def measure() -> Iterator[Figure]:
    """Do in Firefox what has to work in every browser: sign-in, intake, referral, the offline pocket."""
    if firefox() is None:
        sys.stderr.write("No Firefox (apt-get install firefox-esr): nothing is done in it.\n")
        return
    yield from walk((screens.neighbour, screens.receiver, days.commissioner), a_firefox_house)


@contextmanager
def a_firefox_house() -> Iterator[House]:
    """Serve the demo, and open Firefox before it."""
    with served() as front_door, wire_to_firefox() as wire:
        opened: Any = wire
        yield FirefoxHouse(opened, front_door)


def firefox() -> str | None:
    """Return the path of Firefox, None without one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def wire_to_firefox() -> Iterator[Wire]:
    """Start a Firefox with a profile of its own, without a window."""
    with TemporaryDirectory() as profile:
        (Path(profile) / "user.js").write_text(PREFERENCES)
        argv = (str(firefox()), "--headless", "--no-remote", "--profile", profile)
        process = subprocess.Popen(  # noqa: S603
            (*argv, "--remote-debugging-port", "0"),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            wire = Wire(_port(process))
            wire.ask("session.new", capabilities={})
            wire.ask("session.subscribe", events=list(EVENTS))
            wire.ask(
                "script.addPreloadScript", functionDeclaration=f"() => {{{SCRIPT.read_text()}}}"
            )
            yield wire
        finally:
            process.terminate()
            process.wait(ANSWER_SECONDS)


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stderr  # noqa: S101 - it is piped
    for line in process.stderr:
        if found := re.search(r"WebDriver BiDi listening on ws://[^:]+:(\d+)", line):
            return int(found[1])
    raise Failed("Firefox did not start.")


@dataclass(frozen=True, slots=True)
class FirefoxHouse(House):
    """The same house, with Firefox before it."""

    @contextmanager
    def hand(self, account: str, *, phone: bool = False) -> Iterator[Hand]:
        wire: Any = self.browser
        user = wire.ask("browser.createUserContext")["userContext"]
        page: Any = Page(wire, user, PHONE if phone else DESK)
        hand = Hand(page)
        hand.sign_in(self.front_door, account, PASSWORD)
        yield hand
        wire.ask("browser.removeUserContext", userContext=user)
