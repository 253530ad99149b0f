"""What whoever acts may do, asked by a template that offers a way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from carenet.agencies.actors import Actor

register = template.Library()


@register.filter
def may(actor: Actor, ability: str) -> bool:
    """Whether the role table lets the actor; the page behind the link asks for itself."""
    return bool(actor.may(ability))
