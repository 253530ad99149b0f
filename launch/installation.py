"""Puts the hashed requirements into `.venv`, with uv if it can be had, else with pip.

The standard library alone. What the tools print goes to a log: it would show the addresses of
this machine's package index.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from launch.output import LaunchError, say
from launch.paths import PROJECT, forget, locked, logs_folder, state_folder

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
BOOT = PROJECT / ".boot"
REQUIREMENTS = PROJECT / "requirements"
# Kept inside .venv, so that it goes with it.
STAMP = VENV / "carenet-requirements.json"
# Each file holds all of those before it, with the same versions (`run.py lock` sees to that).
PROFILES = ("runtime", "demo", "dev")
UV_SETTINGS = {
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_NO_PROGRESS": "1",
    # Five seconds once, which every later start gains again: many systems never write bytecode.
    "UV_COMPILE_BYTECODE": "1",
}
# What uv does not read from pip's configuration by itself.
PIP_TO_UV = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}


def install(profile: str) -> None:
    """Make sure that `.venv` holds the requirements of the profile; quick when it already does."""
    with locked(state_folder() / "install.lock"):
        if _python_of_venv() is None:
            forget(VENV)
        if _current(profile):
            return
        say("パッケージをインストールしています", "installing packages")
        log = logs_folder() / "install.log"
        log.unlink(missing_ok=True)
        uv = find_uv(log)
        if not (uv and _install_with_uv(uv, profile, log)):
            _install_with_pip(profile, log)
        _write_stamp(profile)


def find_uv(log: Path) -> str | None:
    """Return the uv on the PATH, else our own, which pip fetches; None without pip."""
    own = BOOT / "bin" / "uv"
    found = shutil.which("uv")
    if found or own.exists():
        return found or str(own)
    # --target is allowed where the system's Python refuses a plain `pip install`.
    fetch = (sys.executable, "-m", "pip", "install", "--target", str(BOOT), "--require-hashes")
    done = _succeeds((*fetch, "-r", str(REQUIREMENTS / "boot.txt")), log)
    return str(own) if done and own.exists() else None


def uv_environment() -> dict[str, str]:
    """Our environment; the index that pip is set to use, unless uv has its own settings."""
    environment = {**os.environ, **UV_SETTINGS}
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE"} & environment.keys():
        return environment
    for option, variable in PIP_TO_UV.items():
        value = _pip_setting(option)
        if value:
            environment.setdefault(variable, value)
    return environment


def _pip_setting(option: str) -> str | None:
    in_environment = os.environ.get("PIP_" + option.upper().replace("-", "_"))
    if in_environment:
        return in_environment
    query = (sys.executable, "-m", "pip", "config", "get", f"global.{option}")
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None if answer.returncode == 0 else None


def _install_with_uv(uv: str, profile: str, log: Path) -> bool:
    environment = uv_environment()
    if not PYTHON.exists():
        make = (uv, "venv", "--no-project", "--python", sys.executable, str(VENV))
        if not _succeeds(make, log, environment):
            return False
    fill = (uv, "pip", "install", "--python", str(PYTHON), "--require-hashes")
    return _succeeds((*fill, "-r", str(_file(profile))), log, environment)


def _install_with_pip(profile: str, log: Path) -> None:
    say("uv が使えないため pip を使います", "uv is of no use here, taking pip")
    forget(VENV)
    # Debian's Python has no ensurepip, but a pip outside can fill an environment without one.
    outside = (sys.executable, "-m", "pip", "--python", str(PYTHON))
    inside = (str(PYTHON), "-m", "pip")
    has_pip = _succeeds((sys.executable, "-m", "pip", "--version"), log)
    make = (sys.executable, "-m", "venv", *(("--without-pip",) if has_pip else ()), str(VENV))
    fill = (*(outside if has_pip else inside), "install", "--require-hashes")
    if not (_succeeds(make, log) and _succeeds((*fill, "-r", str(_file(profile))), log)):
        raise LaunchError(
            f"パッケージをインストールできませんでした。詳細: {log.relative_to(PROJECT)}",
            f"The packages could not be installed. Details: {log.relative_to(PROJECT)}",
        )


def _succeeds(
    argv: tuple[str, ...], log: Path, environment: Mapping[str, str] | None = None
) -> bool:
    with log.open("ab") as stream:
        result = subprocess.run(
            argv, env=environment, stdout=stream, stderr=subprocess.STDOUT, cwd=PROJECT, check=False
        )
    return result.returncode == 0


def _file(profile: str) -> Path:
    return REQUIREMENTS / f"{profile}.txt"


def _digest(profile: str) -> str:
    return hashlib.sha256(_file(profile).read_bytes()).hexdigest()


def _current(profile: str) -> bool:
    return _stamp().get(profile) == _digest(profile)


def _stamp() -> dict[str, str]:
    """Read what was installed, by profile; nothing if it was for another Python."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("python") == _python_of_venv() else {}


def _write_stamp(profile: str) -> None:
    """Note the profile and all it contains; a larger one stays if it was current before."""
    stamp = _stamp()
    for contained in PROFILES[: PROFILES.index(profile) + 1]:
        stamp[contained] = _digest(contained)
    stamp["python"] = _python_of_venv() or ""
    STAMP.write_text(json.dumps(stamp, indent=2), encoding="utf-8")


def _python_of_venv() -> str | None:
    """Ask the environment's Python its version; None if it does not start or is too old."""
    query = (str(PYTHON), "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    try:
        answer = subprocess.run(query, capture_output=True, text=True, check=False)
    except OSError:
        return None
    version = answer.stdout.strip()
    if answer.returncode != 0 or tuple(map(int, version.split("."))) < (3, 11):
        return None
    return version
