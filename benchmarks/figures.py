"""A figure with its goal, and its line in the table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio and its goal: at most that, or with `least` at least that.

    `base` is what a figure without a unit rests on, in absolute terms of the same run. `before` is what
    it was at a time that the documents name.
    """

    name: str
    value: float
    goal: float | None = None
    least: bool = False
    base: str = ""
    before: float | None = None

    @property
    def met(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.least else self.value <= self.goal

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def line(figure: Figure) -> str:
    """Return a figure as a line of the table: the goal stands beside it."""
    goal = ""
    if figure.goal is not None:
        sign = "≥" if figure.least else "≤"
        goal = f"{'met' if figure.met else 'NOT MET':<8}{sign} {figure.goal:g}"
    before = "" if figure.before is None else f"before {figure.before:g}: "
    return f"{figure.value:>10.2f}  {goal:<16}{figure.name}  ({before}{figure.base})"
