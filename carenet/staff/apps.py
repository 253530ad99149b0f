from carenet.core import hooks


class StaffConfig(hooks.RoomConfig):
    name = "carenet.staff"
