from carenet import hooks


class AgenciesConfig(hooks.RoomConfig):
    name = "carenet.agencies"
