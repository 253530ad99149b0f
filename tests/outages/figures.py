"""What Prometheus finds at the port of an installation's own."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.outages.installation import Installation

Labels = frozenset[tuple[str, str]]


def scrape(service: Installation) -> dict[tuple[str, Labels], float]:
    """Return all that is told, by the name of a figure and its labels."""
    answer = service.ask("/metrics", port=service.metrics_port)
    assert answer.status == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def figure(service: Installation, name: str, **labels: str) -> float | None:
    """Return one figure, None where it is left out."""
    return scrape(service).get((f"carenet_{name}", frozenset(labels.items())))


def times_signed_in(service: Installation) -> float:
    """Return how often the page to sign in was shown."""
    labels = {"route": "account_login", "method": "GET", "status": "2xx"}
    return figure(service, "request_seconds_count", **labels) or 0.0
