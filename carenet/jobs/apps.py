from carenet.core import hooks


class JobsConfig(hooks.RoomConfig):
    name = "carenet.jobs"
