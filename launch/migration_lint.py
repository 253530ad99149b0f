"""Lints the migrations of our own apps: `python -m launch.migration_lint`.

What they do to tables in use: `launch.busy_tables`. The linter's own command would have to be an
installed app; its class does not.
"""

import sys

import django
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from launch.busy_tables import faults_of, released

OURS = "carenet."


def main() -> int:
    django.setup()
    labels = [app.label for app in apps.get_app_configs() if app.name.startswith(OURS)]
    linter = MigrationLinter(
        include_apps=labels,
        # They make the tables: there are no rows to lock and nobody to keep waiting.
        ignore_initial_migrations=True,
        no_cache=True,
        quiet=["ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return 1 if linter.has_errors or _keeps_people_waiting(labels) else 0


def _keeps_people_waiting(labels: list[str]) -> bool:
    """Say of each migration that is not released what it does to tables in use."""
    known = released()
    faults = [
        f"{app}.{name} {fault}"
        for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items())
        if app in labels and f"{app}.{name}" not in known
        for fault in faults_of(migration)
    ]
    for fault in faults:
        print(fault)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
