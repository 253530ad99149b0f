from carenet.core import hooks


class AgenciesConfig(hooks.RoomConfig):
    name = "carenet.agencies"
