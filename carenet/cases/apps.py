from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "carenet.cases"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
