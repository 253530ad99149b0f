"""`docs/prometheus-alerts.yml`: every alert asks for figures that are told, by labels that they have."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from carenet.reminders.states import DeliveryState
from tests.docs.pages import DOCS, names_in, table, text_of

ALERTS: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load(text_of(DOCS / "prometheus-alerts.yml"))["groups"]
    for rule in group["rules"]
]
every_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])


def figures() -> dict[str, set[str]]:
    """Return the labels of each figure, as the page tells them; a test of the figures holds the page."""
    rows = table("operations.md", "figure", "labels", "")
    return {name: set(names_in(row["labels"])) for row in rows for name in names_in(row["figure"])}


@every_alert
def test_an_alert_asks_for_what_is_told(alert: dict[str, Any]) -> None:
    asked = set(re.findall(r"carenet_\w+", alert["expr"]))
    assert asked
    assert asked <= figures().keys()


@every_alert
def test_an_alert_goes_by_labels_that_its_figures_have(alert: dict[str, Any]) -> None:
    expression = alert["expr"]
    had = set().union(*(figures()[name] for name in re.findall(r"carenet_\w+", expression)))
    by = {
        each.strip()
        for group in re.findall(r"by \(([^)]*)\)", expression)
        for each in group.split(",")
    }
    matched = set(re.findall(r"(\w+)=~?\"", expression)) - {"job"}
    said = set(re.findall(r"\$labels\.(\w+)", str(alert["annotations"])))
    assert by | matched <= had
    assert said <= by


@every_alert
def test_an_alert_says_in_both_languages_what_is_wrong(alert: dict[str, Any]) -> None:
    japanese, _, english = alert["annotations"]["summary"].partition(" / ")
    assert re.search(r"[ぁ-ん]", japanese)
    assert english.isascii()
    assert alert["labels"]["severity"] in {"page", "ticket"}


def test_the_outcomes_are_those_of_messages() -> None:
    asked = re.findall(r'outcome=~"([^"]+)"', str([alert["expr"] for alert in ALERTS]))
    assert {each for group in asked for each in group.split("|")} <= set(DeliveryState.values)
