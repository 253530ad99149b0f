from carenet import hooks


class RemindersConfig(hooks.RoomConfig):
    name = "carenet.reminders"
