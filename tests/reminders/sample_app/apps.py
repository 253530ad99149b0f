from importlib import import_module

from django.apps import AppConfig


class ChoresConfig(AppConfig):
    name = "tests.reminders.sample_app"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
