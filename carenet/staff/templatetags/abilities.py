"""What whoever acts may do, asked by a template that offers a way there."""

from __future__ import annotations

from django import template
from django.conf import settings

from carenet.agencies.actors import Actor

register = template.Library()


@register.filter
def may(actor: Actor, ability: str) -> bool:
    """Whether the role table lets the actor; the page behind the link asks for itself."""
    return bool(actor.may(ability))


@register.simple_tag
def idle_seconds() -> int:
    """Return after how long without use a session ends."""
    return int(settings.STAFF_IDLE_MINUTES * 60)
