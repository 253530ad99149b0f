"""What a process does before anything else: it compares its clock with the database's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import Task
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from carenet.core import clock


class OneClock:
    """Middleware, before whatever asks for the time: a session is judged by the database's clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in settings.PATHS_WITHOUT_TRANSACTION:
            clock.compare()
        return self.get_response(request)


class WakeUp(Task[..., Any]):
    """A task of ours: each begins by the database's clock."""

    abstract = True

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Raise `DatabaseError` when the database is away: nothing can be done then."""
        clock.compare(at_once=True)
