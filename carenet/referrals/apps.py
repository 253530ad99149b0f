from importlib import import_module

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "carenet.referrals"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
