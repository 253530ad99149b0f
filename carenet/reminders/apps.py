from importlib import import_module

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "carenet.reminders"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks").register()
