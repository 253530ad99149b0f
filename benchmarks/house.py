"""The demo, served, and a browser before it: people sign in and do what they do by what they see."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from benchmarks.database import address, database_copy
from benchmarks.figures import Figure
from benchmarks.hand import PHONE, Hand, Missing, a_hand
from benchmarks.web_service import web_service
from carenet.demo.agencies import PASSWORD
from launch.chromium import chromium

LOADING_SECONDS = 600


@dataclass(frozen=True, slots=True)
class House:
    """Where the service is, and the browser that stands before it."""

    browser: Browser
    front_door: str

    @contextmanager
    def hand(self, account: str, *, phone: bool = False) -> Iterator[Hand]:
        """Sign somebody in, as they do each morning, and count from there."""
        with a_hand(self.browser, PHONE) if phone else a_hand(self.browser) as hand:
            hand.sign_in(self.front_door, account, PASSWORD)
            yield hand


#: Something that people do, which yields what it took.
Task = Callable[[House], Iterator[Figure]]


def in_chromium(tasks: Sequence[Task]) -> Iterator[Figure]:
    """Do the tasks there; without it that is said, and nothing measured."""
    if chromium() is None:
        sys.stderr.write("No Chromium: what the screens ask of people is not measured.\n")
        return
    yield from walk(tasks, a_house)


def walk(
    tasks: Sequence[Task], opened: Callable[[], AbstractContextManager[House]]
) -> Iterator[Figure]:
    """Do one after the other in a house of its own, and yield what each took.

    A task that cannot be done by what is visible does not keep the others; raises `Missing` at the end.
    """
    in_vain = []
    with database_copy("screens"), opened() as house:
        for task in tasks:
            try:
                yield from task(house)
            except Missing as error:
                in_vain.append(f"{str(task.__doc__).rstrip('.')}: {error}")
    if in_vain:
        raise Missing("\n".join(in_vain))


@contextmanager
def a_house() -> Iterator[House]:
    """Serve the demo, and open Chromium before it."""
    # Playwright keeps an event loop in this thread; the database is asked beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with served() as front_door, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--lang=ja-JP"]
        )
        try:
            yield House(browser, front_door)
        finally:
            browser.close()


@contextmanager
def served() -> Iterator[str]:
    """Load the demo into this database and serve it; return the address of its front door."""
    environment = {
        **os.environ,
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "LOG_LEVEL": "ERROR",
    }
    _load(environment)
    with web_service(environment) as web:
        yield f"http://127.0.0.1:{web.port}/"


def _load(environment: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        to = ("--base-url", "http://127.0.0.1", "--write", str(Path(folder) / "demo.json"))
        for command in (("load_demo", *to), ("start_demo",)):
            subprocess.run(  # noqa: S603
                (sys.executable, "manage.py", *command),
                cwd=settings.BASE_DIR, env=environment, check=True, timeout=LOADING_SECONDS,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
