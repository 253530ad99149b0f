from importlib import import_module

from django.apps import AppConfig

from carenet.agencies.registry import stays_with_agency


class StaffConfig(AppConfig):
    name = "carenet.staff"

    def ready(self) -> None:
        # A draft that nobody can send any more goes a day after its last stroke, as every draft does.
        stays_with_agency("staff.Draft.agency")
        import_module(f"{self.name}.hooks").register()
