from carenet import hooks


class JobsConfig(hooks.RoomConfig):
    name = "carenet.jobs"
