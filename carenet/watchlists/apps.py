from carenet.core import hooks


class WatchlistsConfig(hooks.RoomConfig):
    """Has no tables of its own name: its models stay under the label `watchover`, as do their tables."""

    name = "carenet.watchlists"
