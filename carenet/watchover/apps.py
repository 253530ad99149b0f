from carenet.core import hooks


class WatchoverConfig(hooks.RoomConfig):
    name = "carenet.watchover"
