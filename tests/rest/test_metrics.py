"""Requests are timed under names that are few and say nothing of anybody."""

from __future__ import annotations

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from pytest_django import Settings

from carenet.rest.metrics import RequestTimes, check_address, labels_of

CASE = "/api/v1/cases/0199d0c4-5d2b-7000-8000-000000000000/"


def asked(path: str, method: str = "GET", *, found: bool = True) -> HttpRequest:
    request: HttpRequest = RequestFactory().generic(method, path)
    request.resolver_match = resolve(request.path) if found else None
    return request


def test_an_address_is_told_by_the_name_of_its_route() -> None:
    assert labels_of(asked(f"{CASE}?q=%E5%B1%B1%E7%94%B0"), 200) == ("case-detail", "GET", "2xx")


@pytest.mark.parametrize(
    ("path", "route"), [("/静的/山田花子", "none"), ("/static/nothing.js", "static")]
)
def test_an_address_that_is_none_is_not_told(path: str, route: str) -> None:
    assert labels_of(asked(path, found=False), 404) == (route, "GET", "4xx")


@pytest.mark.parametrize(("method", "status"), [("BREW", 400), ("HEAD", 200), ("PUT", 405)])
def test_a_method_that_the_route_does_not_take_is_another(method: str, status: int) -> None:
    assert labels_of(asked(CASE, method), status)[1] == "other"


def test_without_a_port_no_request_is_timed(settings: Settings) -> None:
    settings.METRICS_PORT = 0
    with pytest.raises(MiddlewareNotUsed):
        RequestTimes(lambda _request: HttpResponse())


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", 9464, []),
        ("10.0.0.4", 9464, []),
        ("metrics.internal", 9464, []),
        ("8.8.8.8", 0, []),
        ("8.8.8.8", 9464, ["carenet.W001"]),
        ("0.0.0.0", 9464, ["carenet.I001"]),  # noqa: S104 - what is warned of
    ],
)
def test_an_address_that_others_reach_is_told_of(
    settings: Settings, host: str, port: int, said: list[str]
) -> None:
    settings.METRICS_HOST, settings.METRICS_PORT = host, port
    assert [each.id for each in check_address()] == said
