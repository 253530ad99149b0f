"""Forgets what the launcher keeps: `.carenet/` and this clone's folder in /var/tmp."""

from contextlib import ExitStack

from launch.output import LaunchError, say
from launch.paths import (
    DEMO_LOCK,
    STATE,
    forget,
    locked,
    private_folder,
    private_folder_path,
)


def main() -> int:
    """Refuses while a demo or a test run of this clone is using any of it."""
    with ExitStack() as held:
        locks = [STATE / DEMO_LOCK] if STATE.exists() else []
        if private_folder_path().exists():
            locks += private_folder().glob("test-*.lock")
        if not all(held.enter_context(locked(lock, wait=False)) for lock in locks):
            raise LaunchError(
                "デモまたはテストが実行中です。先に終了してください。",
                "A demo or a test run is still going. End it first.",
            )
        if private_folder_path().exists():
            forget(private_folder())
        forget(STATE)
    say("デモのデータを削除しました", "the demo is forgotten")
    return 0
