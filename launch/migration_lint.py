"""Lints the migrations of our own apps: `python -m launch.migration_lint`.

The linter's own command would have to be an installed app; its class does not.
"""

import sys

import django
from django.apps import apps
from django_migration_linter import MigrationLinter

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
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
