"""The base of the views of what municipalities set: read by everybody, begun and ended by theirs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.api.views import ActorViewSet
from carenet.agencies.models.municipal_setting import MunicipalSettingModel
from carenet.agencies.selectors.municipal_settings import municipal_settings
from carenet.rest.serializers import Input, Moment


class SettingEnding(Input):
    """When a setting ends: now, without a time."""

    until = Moment(required=False, allow_null=True, default=None)


class MunicipalSettingViewSet(ActorViewSet):
    """The settings of one kind."""

    setting: type[MunicipalSettingModel]
    id_argument = "setting_id"

    def queryset_for(self, actor: Actor) -> QuerySet[Any]:
        return municipal_settings(actor, self.setting)
