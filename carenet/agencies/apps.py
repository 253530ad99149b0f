from importlib import import_module

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "carenet.agencies"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
