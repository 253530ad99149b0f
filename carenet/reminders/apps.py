from carenet.core import hooks


class RemindersConfig(hooks.RoomConfig):
    name = "carenet.reminders"
