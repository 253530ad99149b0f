"""What finds something fails the check; where Biome has no wheel, that is said."""

import platform
from pathlib import Path

import pytest

from launch import web_lint


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a djangofmt that finds nothing, and no Biome."""
    _write(tmp_path / "djangofmt", status=0)
    monkeypatch.setattr(web_lint, "PROGRAMS", tmp_path)
    monkeypatch.setattr("sys.argv", ["web_lint"])
    return tmp_path


def _write(program: Path, status: int) -> None:
    program.write_text(f"#!/bin/sh\nexit {status}\n")
    program.chmod(0o755)


@pytest.mark.usefixtures("programs")
def test_where_there_is_no_biome_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert web_lint.main() == 0
    assert "riscv64" in capsys.readouterr().out


@pytest.mark.parametrize("finds", ["djangofmt", "biome"])
def test_what_one_of_them_finds_fails_the_check(
    programs: Path, finds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = (platform.system(), platform.machine())
    monkeypatch.setattr(web_lint, "BIOME_RUNS_ON", here)
    for name in ("djangofmt", "biome"):
        _write(programs / name, status=int(name == finds))
    assert web_lint.main() == 1
