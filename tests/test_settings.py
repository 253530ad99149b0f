"""An installation is not started with settings that leave it open."""

from __future__ import annotations

from typing import Any

import pytest

from config.settings.refusals import refusals

GOOD: dict[str, Any] = {
    "secret_keys": ["kJ8-" * 4 + "Xw2_pQ7" * 6],
    "allowed_hosts": ["carenet.example.jp"],
    "origins": ["https://carenet.example.jp"],
    "proxies": 1,
}


def test_what_an_installation_sets_is_taken() -> None:
    assert refusals(**GOOD) == []


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("secret_keys", ["x"], "SECRET_KEY"),
        ("secret_keys", ["x" * 80], "SECRET_KEY"),
        ("secret_keys", [*GOOD["secret_keys"], "old"], "SECRET_KEY_FALLBACKS"),
        ("allowed_hosts", ["*"], "ALLOWED_HOSTS"),
        ("allowed_hosts", ["carenet.example.jp", ".example.jp"], "ALLOWED_HOSTS"),
        ("allowed_hosts", [], "ALLOWED_HOSTS"),
        ("origins", ["http://carenet.example.jp"], "CSRF_TRUSTED_ORIGINS"),
        ("proxies", 0, "NUM_PROXIES"),
    ],
)
def test_what_leaves_it_open_is_refused_and_named(setting: str, value: Any, named: str) -> None:
    [said] = refusals(**GOOD | {setting: value})
    assert named in said
