"""The key of a form, made with its page: what is sent with it acts once."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
#: The field in which a form carries its key.
KEY = "once"


@register.simple_tag
def once(key: UUID | str = "") -> SafeString:
    """Return the field with a new key, or with one that the view has made."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, key or uuid4())
