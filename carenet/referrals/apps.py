from carenet import hooks


class ReferralsConfig(hooks.RoomConfig):
    name = "carenet.referrals"
