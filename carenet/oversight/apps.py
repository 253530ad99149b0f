from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "carenet.oversight"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
