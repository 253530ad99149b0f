from carenet import hooks


class OversightConfig(hooks.RoomConfig):
    name = "carenet.oversight"
