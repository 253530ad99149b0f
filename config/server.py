"""The web server: waitress in several processes on one port, with a limit on all that a caller may hold.

`python -m config.server --host 0.0.0.0 --port 8000 --processes 2 --threads 4`

A request gets a thread once it is there whole; until then it costs a little memory in a loop, as an
answer does that is slow to be taken. Which limit a caller meets: `Limits`. A process that dies is
started again, after a pause that grows while it keeps dying; processes never outlive their parent.
With `METRICS_PORT` one process more tells Prometheus what it asks for, on that port alone.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from django.conf import settings
from django.urls import reverse
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from carenet.rest import metrics
from config.wsgi import application

logger = logging.getLogger("config.server")
STOPS = (signal.SIGTERM, signal.SIGINT)
#: How long answers that were begun may take once the server is asked to end.
DRAIN_SECONDS = 10.0
LONGEST_PAUSE = 30.0
#: A process that has lived so long did not die of its start.
SETTLED_SECONDS = 30.0
POLL_SECONDS = 0.1
#: After so long a thread that computes lets another have the interpreter: whoever has an answer of the
#: database waits for that, at each statement. Python's own are 5 ms (docs/performance.md).
SWITCH_SECONDS = 0.0002
#: Of Python's own (700, 10, 10) garbage is looked for a few times in each request.
GARBAGE_THRESHOLD = (50_000, 10, 10)


@dataclass(frozen=True)
class Limits:
    """What one connection may hold, in seconds and bytes, and how many a process keeps."""

    head: float = 10.0
    body: float = 120.0
    idle: float = 30.0
    answer: float = 120.0
    head_bytes: int = 64 * 1024
    body_bytes: int = 16 * 1024 * 1024
    connections: int = 1000


LIMITS = Limits()


class Channel(HTTPChannel):
    """A connection that knows how long its present request has been coming."""

    began = 0.0
    answered = 0.0

    def received(self, data: bytes) -> bool:
        before = self.request
        more = bool(super().received(data))
        if self.request is not before:
            self.began = time.time()
        return more

    def service(self) -> None:
        self.answered = time.time() + LIMITS.answer  # as far as it is not known yet
        super().service()
        self.answered = time.time()

    def overdue(self, now: float) -> bool:
        """Say whether the caller has held the connection for longer than is allowed."""
        if self.requests:
            return False  # it waits for us
        if self.request is not None:
            limit = LIMITS.body if self.request.headers_finished else LIMITS.head
            return bool(now - self.began > limit)
        if self.total_outbufs_len and now - self.answered > LIMITS.answer:
            return True
        silent: float = now - self.last_activity
        return silent > (LIMITS.idle if self.answered else LIMITS.head)


class Server(TcpWSGIServer):
    """waitress, which lets nobody hold a connection for longer than `LIMITS` says."""

    channel_class = Channel

    def maintenance(self, now: float) -> None:
        for channel in self.active_channels.values():
            if channel.overdue(now):
                channel.will_close = True

    def turn(self) -> None:
        """Look once at what has come and gone."""
        wasyncore.loop(timeout=1.0, map=self._map, use_poll=True, count=1)

    def drain(self) -> None:
        """Take nothing new, and end when what was begun is answered."""
        self.accepting = False
        self.del_channel()
        deadline = time.monotonic() + DRAIN_SECONDS
        while self.active_channels and time.monotonic() < deadline:
            for channel in self.active_channels.values():
                busy = channel.requests or channel.request or channel.total_outbufs_len
                channel.will_close = channel.will_close or not busy
            wasyncore.loop(timeout=POLL_SECONDS, map=self._map, use_poll=True, count=1)
        self.task_dispatcher.shutdown(timeout=1)


def serve(application: Any, listening: socket.socket, threads: int) -> None:
    """Serve until SIGTERM, in this process."""
    adjustments = Adjustments(
        sockets=[listening],
        threads=threads,
        ident=None,
        # Who the caller is behind proxies is Django's to say: NUM_PROXIES.
        clear_untrusted_proxy_headers=False,
        connection_limit=LIMITS.connections,
        cleanup_interval=1,
        max_request_header_size=LIMITS.head_bytes,
        max_request_body_size=LIMITS.body_bytes,
        log_socket_errors=False,
    )
    address = (listening.family, listening.type, listening.proto, listening.getsockname())
    server = Server(
        application, _sock=listening, adj=adjustments, bind_socket=False, sockinfo=address
    )
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        server.pull_trigger()

    signal.signal(signal.SIGTERM, note)
    while not asked:
        server.turn()
    server.drain()


@dataclass
class Post:
    """What one process is there for, and what the parent knows of whoever fills it."""

    name: str
    application: Any
    listening: socket.socket
    threads: int
    pid: int = 0
    born: float = 0.0
    deaths: int = 0
    again_at: float = 0.0

    def died(self) -> float:
        """Return for how long nobody is to fill it now: longer with each death soon after a start."""
        now = time.monotonic()
        self.pid = 0
        self.deaths = self.deaths + 1 if now - self.born < SETTLED_SECONDS else 0
        pause = min(0.5 * 2 ** (self.deaths - 1), LONGEST_PAUSE) if self.deaths > 1 else 0.0
        self.again_at = now + pause
        return pause


class Parent:
    """Keeps a process serving at each post."""

    def __init__(self, posts: list[Post]) -> None:
        self.posts = posts
        self.stopping = False
        # Children read it; its end means that nobody is left to end them.
        self.life, self._held = os.pipe()

    def run(self) -> int:
        for number in STOPS:
            signal.signal(number, self._stop)
        while not self.stopping:
            for place, post in enumerate(self.posts):
                if not post.pid and time.monotonic() >= post.again_at and not self.stopping:
                    self._start(place, post)
            time.sleep(POLL_SECONDS)
            self._collect()
        return self._end()

    def _start(self, place: int, post: Post) -> None:
        pid = os.fork()
        if pid == 0:
            os.close(self._held)
            signal.signal(
                signal.SIGINT, signal.SIG_IGN
            )  # Ctrl-C reaches all: the parent passes it on
            threading.Thread(target=self._die_with_parent, daemon=True).start()
            status = 1
            try:
                for other in self.posts:
                    if other.listening is not post.listening:
                        other.listening.close()
                metrics.write_as(place)
                serve(post.application, post.listening, post.threads)
                status = 0
            except Exception:
                logger.exception("The %s process broke off.", post.name)
            finally:
                os._exit(status)
        post.pid, post.born = pid, time.monotonic()

    def _die_with_parent(self) -> None:
        os.read(self.life, 1)
        os._exit(1)

    def _collect(self) -> None:
        for post in self._filled():
            ended, status = os.waitpid(post.pid, os.WNOHANG)
            if ended:
                pause = post.died()
                told = "A %s process ended (%s); another starts in %.1f s."
                logger.error(told, post.name, _how(status), pause)

    def _filled(self) -> list[Post]:
        return [post for post in self.posts if post.pid]

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> int:
        for post in self.posts:
            post.listening.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            for post in self._filled():
                os.kill(post.pid, number)
            deadline = time.monotonic() + DRAIN_SECONDS + 2
            while self._filled() and time.monotonic() < deadline:
                for post in self._filled():
                    if os.waitpid(post.pid, os.WNOHANG)[0]:
                        post.pid = 0
                time.sleep(POLL_SECONDS)
        return 0


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"status {code}"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raises `OSError` for an address that is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def prepare() -> None:
    """Load before the processes part what all of them need: they share its memory for good.

    Nothing of it opens a connection: two processes would speak on the same one.
    """
    reverse("healthz")  # whoever asks for one address loads all pages
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*GARBAGE_THRESHOLD)
    gc.collect()
    gc.freeze()  # what is here stays: nobody looks for garbage in it, which would also copy it


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="config.server", description="The web server.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    given: Any = parser.parse_args(arguments)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    prepare()
    web = listen(given.host, given.port)
    posts = [Post("web", application, web, given.threads) for _ in range(given.processes)]
    if not settings.METRICS_PORT:
        return Parent(posts).run()
    with TemporaryDirectory(prefix="carenet-metrics-") as folder:
        return Parent([*posts, _metrics_post(Path(folder), given.processes)]).run()


def _metrics_post(folder: Path, writers: int) -> Post:
    """Let requests be timed, and return the post that tells: a scrape takes nobody's thread."""
    metrics.keep_in(folder, writers)
    listening = listen(settings.METRICS_HOST, settings.METRICS_PORT)
    return Post("metrics", metrics.application(folder), listening, threads=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
