from carenet import hooks


class CasesConfig(hooks.RoomConfig):
    name = "carenet.cases"
