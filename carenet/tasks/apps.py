from carenet.core import hooks


class TasksConfig(hooks.RoomConfig):
    name = "carenet.tasks"
