"""Runs every measurement and shows it as a table; `JSON=path` keeps the figures as well."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from benchmarks import alerts, pages, rules, sweep  # noqa: E402

#: What a whole run measures; `SCALE=0.01` does a hundredth of it, to try it in seconds.
DUE, RESIDENTS, ALERTS, KILLS = 1000, 10_000, 2000, 10
LOOKS = 100
QUESTIONS = 300
MISSED_SHARE, WITHIN_SECONDS = 0.05, 60.0


def measure(scale: float, only: str = "") -> dict[str, dict[str, Any]]:
    """Return the figures of all measurements, or of the one that is named.

    The one that fills the database comes last.
    """
    due, residents = max(int(DUE * scale), 5), max(int(RESIDENTS * scale), 50)
    number = max(int(ALERTS * scale), 20)
    within = max(WITHIN_SECONDS * scale, 2.0)
    all_of_them: dict[str, Callable[[], dict[str, Any]]] = {
        "rules": lambda: rules.measure(max(int(QUESTIONS * scale), 3)),
        "pages": lambda: pages.measure(max(int(LOOKS * scale), 3)),
        "throughput": lambda: alerts.throughput(number),
        "kills": lambda: alerts.kills(number, KILLS),
        "latency": lambda: alerts.latency(residents, MISSED_SHARE, within),
        "sweep": lambda: sweep.measure(due, residents),
    }
    return {name: each() for name, each in all_of_them.items() if only in {"", name}}


def table(figures: dict[str, dict[str, Any]]) -> str:
    lines = []
    for name, found in figures.items():
        lines.append(f"{name}: {'met' if found['met'] else 'NOT MET'} ({found['target']})")
        lines += [
            f"    {key:<28} {value}"
            for key, value in found.items()
            if key not in {"met", "target", "plan"}
        ]
        lines += [f"    | {line}" for line in found.get("plan", [])]
    return "\n".join(lines)


def main() -> None:
    figures = measure(float(os.environ.get("SCALE", "1")), os.environ.get("ONLY", ""))
    sys.stdout.write(table(figures) + "\n")
    if path := os.environ.get("JSON"):
        Path(path).write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
