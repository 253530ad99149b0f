from carenet.core import hooks


class AccountsConfig(hooks.RoomConfig):
    """Has no tables of its own name: its models stay under the label `agencies`, as do their tables."""

    name = "carenet.accounts"
