from carenet import hooks


class ResidentsConfig(hooks.RoomConfig):
    name = "carenet.residents"
