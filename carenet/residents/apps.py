from importlib import import_module

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "carenet.residents"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
