"""Bringing a database of our own up to this code: `manage.py migrate` as its owner."""

import sys
from collections.abc import Mapping
from pathlib import Path

from launch.environment import Servers
from launch.paths import PROJECT
from launch.processes import Service

MIGRATE_SECONDS = 300.0


def migrate(servers: Servers, environment: Mapping[str, str], log: Path) -> None:
    """Migrate; raises `LaunchError` with the log if it fails or takes too long."""
    as_owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    step = Service(
        name="migrate",
        argv=(sys.executable, "manage.py", "migrate", "--no-input"),
        environment=as_owner,
        log=log,
        folder=PROJECT,
    )
    servers.supervisor.run_step(step, seconds=MIGRATE_SECONDS)
