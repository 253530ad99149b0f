"""What has to be so before the demo starts; asked before anything is installed for it, too."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from launch.output import LaunchError
from launch.paths import DEMO_LOCK, locked, state_folder
from launch.readiness import port_taken

DEFAULT_PORT = "8000"
HIGHEST_PORT = 65535


def demo_can_start() -> None:
    """Raise what would keep the demo from starting."""
    with only_demo():
        chosen_port(os.environ)


@contextmanager
def only_demo() -> Iterator[None]:
    """Be the only demo of this folder meanwhile, or refuse."""
    with locked(state_folder() / DEMO_LOCK, wait=False) as ours:
        if not ours:
            raise LaunchError(
                "このフォルダーのデモはすでに起動しています。",
                "The demo of this folder is already running.",
            )
        yield


def chosen_port(environment: Mapping[str, str]) -> int:
    """Return the port of `PORT`, checked to be free.

    Asked by the only demo of a folder: another one would be what holds the port.
    """
    text = environment.get("PORT") or DEFAULT_PORT
    if not text.isdecimal() or not 0 < int(text) <= HIGHEST_PORT:
        raise LaunchError(f"PORT={text} はポート番号ではありません。", f"PORT={text} is no port.")
    if port_taken(int(text)):
        raise LaunchError(
            f"ポート {text} は使用中です。PORT=8001 のように別の番号を指定してください。",
            f"Port {text} is taken. Choose another one, such as PORT=8001.",
        )
    return int(text)
