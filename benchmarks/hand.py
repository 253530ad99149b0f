"""A person at the browser: knows only what is visible, and counts what it asks of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Browser, ElementHandle, Error, Page, Request, ViewportSize

from benchmarks.keystrokes import Strokes

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
#: What stands there after so long is what there is; a page is quiet when nothing was asked for a while.
PATIENCE_SECONDS, QUIET_SECONDS = 10.0, 0.3
SCRIPT = Path(__file__).parent / "visible.js"
SHOWN_AT_MOST = 80
PRESSED = "([words, near]) => visible.toPress(words, near)"
OPENED = "([words, near]) => visible.toOpen(words, near)"
UNFOLDED = "([field, option]) => visible.toUnfold(field, option)"
CHOSEN = "([field, option]) => visible.toChoose(field, option)"


class Words(str):
    """Words of a page in Japanese, that know what the code calls them."""

    __slots__ = ("told",)
    told: str


class Missing(RuntimeError):
    """Somebody looked for words that do not stand on the page."""


def said(message: str, context: str = "") -> Words:
    """Return the Japanese of a message of the code; raises `Missing` if nobody says it any more."""
    with override("ja"):
        found = pgettext(context, message) if context else gettext(message)
    if found == message:
        raise Missing(f"No page says “{message}”: the code has other words for it now.")
    words = Words(found)
    words.told = f"“{message}” ({found})"
    return words


def label(code: Any) -> Words:
    """Return the Japanese of one of several choices, such as a need or a step."""
    with override("ja"):
        words = Words(code.label)
    words.told = f"“{code.name}” ({words})"
    return words


class Hand:
    """One person with one page: presses, chooses and writes what they read there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = Strokes()
        self._pending: set[Request] = set()
        page.on("domcontentloaded", lambda _page: self._turned())
        page.on("request", self._asked)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)

    def _turned(self) -> None:
        self.strokes.pages += 1

    def _asked(self, request: Request) -> None:
        self._pending.add(request)

    def _answered(self, request: Request) -> None:
        self._pending.discard(request)

    def sign_in(self, address: str, account: str, password: str) -> None:
        """Open the front door, the only address that anybody types; what it costs is not counted."""
        self.page.goto(address)
        for field, typed in zip(self._all("visible.fields()"), (account, password), strict=False):
            field.fill(typed)
        self.press(said("Sign in"))
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self._settle()
        self.strokes = Strokes()

    def press(self, words: str, near: str = "") -> None:
        """Press a link or a button, of several that which stands nearest to other words."""
        found = self._find(PRESSED, [words, near], words, near)
        self.strokes.clicks += 1
        found.click()
        self._settle()

    def open(self, words: str, near: str = "") -> None:
        """Unfold something, unless it is open already: what was typed just now may have opened it."""
        self._settle()
        found = self._find(OPENED, [words, near], words, near)
        if not found.evaluate("each => each.parentElement.open"):
            self.strokes.clicks += 1
            found.click()
            self._settle()

    def write(self, field: str, words: str) -> None:
        """Write into a field, unless that stands there already."""
        found = self._find("field => visible.toFill(field)", field, field)
        if found.input_value() != words:
            self.strokes.type(words)
            found.fill(words)

    def choose(self, field: str, option: str) -> None:
        """Choose one of several, unless it is chosen already; what hides it is opened first."""
        if folded := self.page.evaluate_handle(UNFOLDED, [field, option]).as_element():
            self.strokes.clicks += 1
            folded.click()
        found = self._find(f"{CHOSEN}?.element ?? null", [field, option], option, field)
        told = self.page.evaluate(f"{CHOSEN}.told", [field, option])
        if told["chosen"]:
            return
        clicks = 1 if told["value"] is None else 2
        self.strokes.choose(field, told["options"], clicks)
        if told["value"] is None:
            found.click()
        else:
            found.select_option(told["value"])
        self._settle()

    def sees(self, words: str) -> bool:
        """Whether words stand on the page now."""
        return bool(self.page.evaluate("words => visible.part(words) !== null", words))

    def offers(self, field: str, option: str) -> bool:
        """Whether a choice offers this now."""
        return bool(self.page.evaluate(f"{CHOSEN} !== null", [field, option]))

    def expect(self, words: str) -> None:
        """Wait until words stand on the page."""
        self._find("words => visible.part(words)", words, words)

    def place_of(self, name: str) -> tuple[int, int]:
        """Return which line of the page's lists names somebody first, and its distance from the top.

        Raises `Missing` if none does.
        """
        self.expect(name)
        found = self.page.evaluate("name => visible.place(name)", name)
        return found["place"], found["top"]

    def _find(self, look: str, given: object, words: str, near: str = "") -> ElementHandle:
        """Look until it is there."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                found = self.page.evaluate_handle(look, given).as_element()
            except Error:
                found = None  # the page was turned while it was looked at
            if found:
                return found
            if time.monotonic() > end:
                raise Missing(self._in_vain(words, near))
            self.page.wait_for_timeout(100)

    def _in_vain(self, words: str, near: str) -> str:
        told = getattr(words, "told", f"“{words}”")
        beside = f" beside {getattr(near, 'told', f'“{near}”')}" if near else ""
        return f"{told} is not to be seen{beside}. {self.shown()}"

    def shown(self) -> str:
        """Tell what a page is called, what it complains of, and what it has to offer."""
        told = self.page.evaluate("visible.told()")
        offered = " | ".join(told["offered"][:SHOWN_AT_MOST])
        return f"The page is “{told['heading']}”, {told['alert']}and has: {offered}"

    def _all(self, look: str) -> Iterator[ElementHandle]:
        for each in self.page.evaluate_handle(look).get_properties().values():
            if element := each.as_element():
                yield element

    def _settle(self) -> None:
        """Wait until what was pressed has been answered."""
        quiet = 0.0
        while quiet < QUIET_SECONDS:
            self.page.wait_for_timeout(50)
            quiet = 0.0 if self._pending else quiet + 0.05
        self.page.wait_for_load_state()


@contextmanager
def a_hand(browser: Browser, screen: ViewportSize = DESK) -> Iterator[Hand]:
    """Give somebody a browser of their own, in Japanese."""
    context = browser.new_context(
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        viewport=screen,
        has_touch=screen is PHONE,
    )
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    context.add_init_script(path=SCRIPT)
    try:
        yield Hand(context.new_page())
    finally:
        context.close()
