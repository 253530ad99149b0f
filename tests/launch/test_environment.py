"""Which servers the launcher uses, and the addresses it hands on."""

from pathlib import Path

import environ
import pytest

from launch.environment import NAMES, check_postgres, environment_for, given_servers
from launch.output import LaunchError
from launch.postgres import database_url

ALL = dict.fromkeys(NAMES, "somewhere")


def test_nothing_given_means_embedded_servers() -> None:
    assert given_servers({"PATH": "/bin"}) is None


def test_an_empty_variable_counts_as_not_given() -> None:
    assert given_servers(dict.fromkeys(NAMES, "")) is None


def test_all_given_are_used() -> None:
    assert given_servers({**ALL, "PATH": "/bin"}) == ALL


@pytest.mark.parametrize("missing", NAMES)
def test_some_given_names_the_missing_one(missing: str) -> None:
    some = {name: url for name, url in ALL.items() if name != missing}

    with pytest.raises(LaunchError) as caught:
        given_servers(some)

    assert caught.value.english.startswith(f"{missing} not set")
    assert caught.value.japanese.startswith(missing)


def test_variables_of_libpq_do_not_redirect_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")

    environment = environment_for({**ALL, "DATABASE_URL": "postgresql://some_app:pw@host/carenet"})

    assert "PGHOST" not in environment
    assert environment["DATABASE_APP_ROLE"] == "some_app"


def test_settings_read_the_address_of_the_embedded_database() -> None:
    url = database_url("carenet_app", "p@ss/w:rd", Path("/run/some where"))

    parsed = environ.Env.db_url_config(url)

    assert parsed["NAME"] == "carenet"
    assert parsed["USER"] == "carenet_app"
    assert parsed["PASSWORD"] == "p@ss/w:rd"
    assert parsed["OPTIONS"] == {"host": "/run/some where"}


def test_an_unreachable_database_is_named_without_its_password(tmp_path: Path) -> None:
    url = database_url("carenet_app", "very-secret", tmp_path)

    with pytest.raises(LaunchError) as caught:
        check_postgres("DATABASE_URL", url)

    assert "DATABASE_URL" in caught.value.english
    assert "very-secret" not in caught.value.text()
