"""The verbs of referrals as `docs/referrals.md` tells them."""

from __future__ import annotations

from carenet.referrals.states import Verb
from tests.docs.pages import names_in, table


def marked_verbs() -> set[Verb]:
    rows = table("referrals.md", "verb", "from", "to", "who", "API", "needs")
    return {Verb(names_in(row["verb"])[0]) for row in rows if row["API"] == "●"}
