from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "carenet.access"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
