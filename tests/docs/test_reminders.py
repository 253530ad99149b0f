"""`docs/reminders.md`: kinds, channels and parts."""

from __future__ import annotations

from carenet.reminders import registry as reminders
from carenet.reminders.actions.health import PARTS
from carenet.reminders.channels import CHANNELS
from tests.docs.pages import DOCS, names_in, names_on, table


def test_the_kinds_channels_and_parts_are_told() -> None:
    kinds = table("reminders.md", "kind", "written by", "ends with", "step 0", "then")
    assert {names_in(row["kind"])[0] for row in kinds} == set(reminders._kinds)
    marked = {names_in(row["kind"])[0] for row in kinds if "◇" in row["kind"]}
    assert marked == reminders.notices()
    channels = table("reminders.md", "channel", "takes a key", "waits for open days", "gives up")
    for row in channels:
        channel = CHANNELS[names_in(row["channel"])[0]]
        assert row["takes a key"].startswith("yes" if channel.keyed else "no")
        assert row["waits for open days"].startswith("yes" if channel.rings else "no")
        assert str(channel.gives_up_after or "never") in row["gives up"]
    assert len(channels) == len(CHANNELS)
    assert {*PARTS, *reminders.health_parts} <= names_on(DOCS / "reminders.md")
