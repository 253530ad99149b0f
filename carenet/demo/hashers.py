"""How the demo keeps passwords: its accounts all have one that stands in the README."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class DemoPasswordHasher(Argon2PasswordHasher):
    """Argon2 at the cost that the demo can do with: a hundred accounts are made while somebody waits."""

    time_cost, memory_cost, parallelism = 1, 1024, 1
