from carenet.core import hooks


class OversightConfig(hooks.RoomConfig):
    name = "carenet.oversight"
