"""What whoever acts may do, asked by a template that offers a way there."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role

register = template.Library()


@register.filter
def may(actor: Actor, ability: str) -> bool:
    """Whether the role table lets the actor; the page behind the link asks for itself."""
    return bool(actor.may(ability))


@register.filter
def roles(actor: Actor) -> str:
    """Return in words what the actor is in the agency."""
    return _(", ").join(str(role.label) for role in Role if role in actor.roles)


@register.simple_tag
def idle_seconds() -> int:
    """Return after how long without use a session ends."""
    return int(settings.STAFF_IDLE_MINUTES * 60)
