"""From where a request came, also behind proxies."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from rest_framework.settings import api_settings

from carenet.audit.api.middleware import address_of


def test_without_a_proxy_the_connection_tells() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="10.0.0.1")
    assert address_of(request) == "192.0.2.7"


def test_behind_one_proxy_its_last_entry_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    forwarded = "203.0.113.9, 198.51.100.4"
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == "198.51.100.4"


@pytest.mark.parametrize("forged", ["<script>", "", "1.2.3", "unknown"])
def test_an_address_that_is_none_is_not_kept(monkeypatch: pytest.MonkeyPatch, forged: str) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    request = RequestFactory().get("/", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR=forged)
    assert address_of(request) is None
