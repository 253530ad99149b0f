from carenet.core import hooks


class AbuseConfig(hooks.RoomConfig):
    """Has no tables of its own name: its models stay under the label `cases`, as do their tables."""

    name = "carenet.abuse"
