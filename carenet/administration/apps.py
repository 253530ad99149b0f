from carenet.core import hooks


class AdministrationConfig(hooks.RoomConfig):
    name = "carenet.administration"
