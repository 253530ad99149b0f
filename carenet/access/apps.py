from carenet import hooks


class AccessConfig(hooks.RoomConfig):
    name = "carenet.access"
