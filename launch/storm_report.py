"""What a storm has shown: what is counted in its database, the table of it, and whether it passed.

It passes where everything that was broken got well again, something was recorded, and nothing was lost,
doubled, half done, left undone, answered 500 or left behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from launch.writers import Writers

COUNTS = {
    "lost": "SELECT count(*) FROM unnest(%(told)s::text[]) AS told WHERE NOT EXISTS"
    " (SELECT 1 FROM cases_consultation WHERE content = told)",
    "doubled": "SELECT count(*) - count(DISTINCT content) FROM cases_consultation",
    "half done": "SELECT count(*) FROM cases_consultation AS made WHERE NOT EXISTS"
    " (SELECT 1 FROM audit_entry WHERE made.id = ANY(object_ids))",
}
NEVER = float("inf")


@dataclass
class Report:
    """What was broken, how long until all was well each time, and how often which fault came of it."""

    #: `NEVER` where it did not get well.
    broken: dict[str, list[float]] = field(default_factory=dict)
    #: The 95th percentile of what others wait: without slow callers, and with them.
    waits: list[tuple[float, float]] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)

    def note_well_after(self, name: str, seconds: float) -> None:
        self.broken.setdefault(name, []).append(seconds)

    def count(self, counted: Mapping[str, int], writers: Writers) -> None:
        """Take in what `COUNTS` found, and what the systems were told."""
        self.faults |= dict(counted) | {
            "undone": writers.undone,
            "answered 500": writers.answers[500],
            # What nobody could write cannot be lost: a storm in which all was refused says nothing.
            "nothing recorded": int(not writers.told),
        }

    @property
    def passed(self) -> bool:
        """Whether anything was counted, and each count is nothing."""
        return bool(self.faults) and not any(self.faults.values()) and not self._never_well()

    def table(self, writers: Writers) -> str:
        """Return it for a person to read: a line for each part that was broken, and the counts."""
        lines = [f"{'broken':<22}{'times':>6}{'seconds until well':>20}"]
        for name, seconds in sorted(self.broken.items()):
            longest = max(seconds)
            shown = "never" if longest == NEVER else f"{longest:.1f}"
            lines.append(f"{name:<22}{len(seconds):>6}{shown:>20}")
        lines += ["", *_of_others(self.waits)]
        answers = dict(sorted(writers.answers.items()))
        lines.append(f"recorded: {len(writers.told)}; answers: {answers}")
        counts = self.faults | {"never well": self._never_well()}
        lines.append("  ".join(f"{name}: {count}" for name, count in counts.items()))
        return "\n".join(lines)

    def _never_well(self) -> int:
        return sum(seconds.count(NEVER) for seconds in self.broken.values())


def _of_others(waits: Sequence[tuple[float, float]]) -> list[str]:
    if not waits:
        return []
    without, during = (median(each) * 1000 for each in zip(*waits, strict=True))
    return [f"p95 of others: {without:.0f} ms; with 200 slow callers {during:.0f} ms", ""]
