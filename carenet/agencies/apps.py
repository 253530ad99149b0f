from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "carenet.agencies"
