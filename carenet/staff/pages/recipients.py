"""Whom a referral of a restricted case is for: said by full name.

Nobody is shown who works elsewhere.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from carenet.agencies.models import Agency, User
from carenet.agencies.roles import CASEWORK_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.core.errors import Invalid
from carenet.residents.matching import fold_name


def addressee_called(name: str, receiver: Agency | None) -> User | None:
    """Return who of the receiver is called like this, nobody without a name.

    Raises `Invalid` when nobody there is called like this, or several are.
    """
    wanted = fold_name(name)
    if not wanted:
        return None
    there = members_in_roles(receiver, CASEWORK_ROLES) if receiver else []
    called = [each for each in there if fold_name(each.name) == wanted]
    if len(called) != 1:
        raise Invalid(
            {
                "addressee": _("Nobody there is called like this. Ask for the full name.")
                if not called
                else _("Several people there are called like this. Choose another person.")
            }
        )
    return called[0]
