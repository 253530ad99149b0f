from carenet.core import hooks


class CasesConfig(hooks.RoomConfig):
    name = "carenet.cases"
