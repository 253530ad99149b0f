"""The cache while Redis is away: it forgets, and lets work go on."""

from __future__ import annotations

from typing import Any

import redis
from django_redis.cache import RedisCache
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as NotInTime

from carenet.rest.outage import Outage

#: After one answer that did not come, a process does without Redis for so long.
LEFT_ALONE_SECONDS = 5.0
_outage = Outage(LEFT_ALONE_SECONDS)


class BriefRedis(redis.Redis):
    """A client that waits for Redis once, not with every command of every request."""

    def execute_command(self, *args: Any, **options: Any) -> Any:
        _may_ask()
        try:
            answer = super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except (NotConnected, NotInTime):
            _outage.begins()
            raise
        _outage.ends()
        return answer

    def pipeline(self, *args: Any, **kwargs: Any) -> Any:
        _may_ask()
        return super().pipeline(*args, **kwargs)


class ForgivingCache(RedisCache):
    """django-redis with its errors ignored, and locks that are then free.

    allauth takes a lock with `add` before it counts sign-ins; an error that reads as "taken" would
    keep everybody out. What is there and cannot be read as JSON was written by somebody else: it counts
    as absent.
    """

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get(key, default, *args, **kwargs)
        except ValueError:
            return default

    def add(self, *args: Any, **kwargs: Any) -> bool:
        added = super().add(*args, **kwargs)
        return True if added is None else bool(added)


def _may_ask() -> None:
    if not _outage.may_try():
        raise NotConnected("Redis did not answer a moment ago.")
