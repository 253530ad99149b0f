"""Passwords of the embedded servers and the demo's secret key: made once, kept 0600."""

import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from launch.paths import locked, state_folder

FILE_NAME = "credentials.json"


@dataclass(frozen=True)
class Credentials:
    """What `.carenet/credentials.json` holds."""

    secret_key: str
    superuser_password: str
    owner_password: str
    app_password: str

    def tag(self) -> str:
        """Names the data that these passwords open, so that other data is never tried."""
        return hashlib.sha256(self.superuser_password.encode()).hexdigest()[:8]


def credentials(folder: Path | None = None) -> Credentials:
    """Read the credentials, or make them; two processes at once get the same ones."""
    place = folder or state_folder()
    with locked(place / "credentials.lock"):
        file = place / FILE_NAME
        if not file.exists():
            _write(file, Credentials(*(secrets.token_urlsafe(48) for _ in range(4))))
        return Credentials(**json.loads(file.read_text(encoding="utf-8")))


def _write(file: Path, made: Credentials) -> None:
    # Written aside and renamed: a process killed half way leaves no half a file.
    draft = file.with_suffix(".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(asdict(made), stream, indent=2)
    draft.replace(file)
