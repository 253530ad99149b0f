from carenet.core import hooks


class AccessConfig(hooks.RoomConfig):
    name = "carenet.access"
