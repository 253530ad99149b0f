"""A long choice on a page: the commonest first, the others folded away under one word."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("staff/parts/commonest.html")
def commonest_first(field: Any) -> dict[str, Any]:
    """Show the options of a field whose widget names its commonest; what is chosen is never folded."""
    options = list(field.subwidgets)
    rest = [each for each in options if each.data["value"] not in field.field.widget.commonest]
    return {
        "field": field,
        "first": [each for each in options if each not in rest],
        "rest": rest,
        "unfolded": any(each.data["selected"] for each in rest),
    }
