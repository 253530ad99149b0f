"""A real Celery worker of one process, with its console thrown away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from celery import Celery
from django.conf import settings
from kombu import Queue
from uuid_utils.compat import uuid7

QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR")


@contextmanager
def a_queue(app: Celery) -> Iterator[str]:
    """Return the name of a queue that is empty, and is again at the end of the block."""
    name = f"bench-{uuid7().hex}"
    try:
        yield name
    finally:
        with app.connection_for_write() as broker:
            Queue(name).bind(broker.default_channel).delete()


@contextmanager
def a_worker(app: str, queue: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Let a worker take what is in a queue, until the end of the block."""
    worker = subprocess.Popen(  # noqa: S603 - our own
        (
            sys.executable,
            "-m",
            "celery",
            "-A",
            app,
            "worker",
            "--concurrency=1",
            "-Q",
            queue,
            *QUIET,
        ),
        cwd=settings.BASE_DIR,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # the console channel
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
