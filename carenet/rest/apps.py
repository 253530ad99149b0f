from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "carenet.rest"
