from carenet.core import hooks


class ReferralsConfig(hooks.RoomConfig):
    name = "carenet.referrals"
