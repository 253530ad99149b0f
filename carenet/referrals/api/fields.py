"""Fields of a referral's bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from carenet.agencies.policy import visible_to
from carenet.audit.actions import log_out_of_reach
from carenet.referrals.actions.pools import FEWEST, MOST

if TYPE_CHECKING:
    from carenet.agencies.models import Agency


class PoolField(serializers.ListField):
    """The ids of a pool's agencies, looked up at once; one that is not in the directory is an error."""

    default_error_messages = {"does_not_exist": _("There is no such object that you may see.")}
    child = serializers.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=FEWEST, max_length=MOST, **kwargs)

    def to_internal_value(self, data: Any) -> list[Agency]:
        wanted = set(super().to_internal_value(data))
        found = list(visible_to(self.context["request"].actor).filter(pk__in=wanted).order_by("pk"))
        if len(found) != len(wanted):
            log_out_of_reach("agency", *(wanted - {each.pk for each in found}))
            self.fail("does_not_exist")
        return found
