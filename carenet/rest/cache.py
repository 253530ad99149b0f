"""The cache while Redis is away: it forgets, and lets work go on."""

from __future__ import annotations

from typing import Any

from django_redis.cache import RedisCache


class ForgivingCache(RedisCache):
    """django-redis with its errors ignored, and locks that are then free.

    allauth takes a lock with `add` before it counts sign-ins; an error that reads as "taken" would
    keep everybody out.
    """

    def add(self, *args: Any, **kwargs: Any) -> bool:
        added = super().add(*args, **kwargs)
        return True if added is None else bool(added)
