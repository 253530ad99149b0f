from django.apps import AppConfig
from django.core import checks

from carenet.rest.metrics import check_address


class RestConfig(AppConfig):
    name = "carenet.rest"

    def ready(self) -> None:
        checks.register(check_address, deploy=True)
