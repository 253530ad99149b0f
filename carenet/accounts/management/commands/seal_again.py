"""`manage.py seal_again`: seals second factors under the present `SECRET_KEY`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from carenet.accounts.actions.sign_in import seal_second_factors_again


class Command(BaseCommand):
    help = (
        "Seals what older keys have sealed under the present one. Afterwards these keys may be taken "
        "out of SECRET_KEY_FALLBACKS; what no key opens is counted and stays."
    )

    def handle(self, **_options: Any) -> None:
        done, unreadable = seal_second_factors_again()
        self.stdout.write(f"{done} / {unreadable}")
