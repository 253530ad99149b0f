from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "carenet.jobs"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
