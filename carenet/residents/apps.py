from carenet.core import hooks


class ResidentsConfig(hooks.RoomConfig):
    name = "carenet.residents"
