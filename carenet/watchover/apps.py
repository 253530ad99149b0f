from importlib import import_module

from django.apps import AppConfig


class WatchoverConfig(AppConfig):
    name = "carenet.watchover"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
