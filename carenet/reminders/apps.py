from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "carenet.reminders"
