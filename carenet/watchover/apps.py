from carenet import hooks


class WatchoverConfig(hooks.RoomConfig):
    name = "carenet.watchover"
