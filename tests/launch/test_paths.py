"""The private folder in /var/tmp, socket paths and locks."""

import os
from pathlib import Path

import pytest

from launch.output import LaunchError
from launch.paths import (
    LONGEST_SOCKET_PATH,
    locked,
    private_folder,
    private_folder_path,
    short_enough,
)

NOBODY = 65534


def test_the_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "ours")

    # As root, the database's account has to pass through; nobody can look inside.
    assert folder.stat().st_mode & 0o777 == (0o711 if os.geteuid() == 0 else 0o700)
    assert private_folder(folder) == folder


def test_a_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)

    with pytest.raises(LaunchError):
        private_folder(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)

    with pytest.raises(LaunchError):
        private_folder(folder)


def test_a_link_is_refused_even_to_a_folder_of_ours(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(LaunchError):
        private_folder(tmp_path / "link")


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch(mode=0o600)

    with pytest.raises(LaunchError):
        private_folder(tmp_path / "file")


def test_two_clones_have_two_folders() -> None:
    assert private_folder_path(Path("/a/carenet")) != private_folder_path(Path("/b/carenet"))


def test_the_sockets_of_a_run_fit_into_an_address() -> None:
    longest = private_folder_path() / "test-01234567" / "postgres" / ".s.PGSQL.5432.lock"

    assert short_enough(longest) == longest


def test_a_socket_path_that_would_be_cut_off_is_refused() -> None:
    with pytest.raises(LaunchError):
        short_enough(Path("/") / ("x" * LONGEST_SOCKET_PATH))


def test_a_path_is_measured_in_bytes() -> None:
    with pytest.raises(LaunchError):
        short_enough(Path("/") / ("介" * (LONGEST_SOCKET_PATH // 2)))


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"

    with locked(lock, wait=False) as first, locked(lock, wait=False) as second:
        assert (first, second) == (True, False)
    with locked(lock, wait=False) as again:
        assert again
