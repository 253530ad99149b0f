"""Which release a storm upgrades, and when that upgrade has failed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from launch.output import LaunchError
from launch.upgrade import last_release, went_well
from launch.writers import Writers

FIRST, SECOND, GONE = (
    f"carenet/cases/migrations/000{each}.py" for each in ("1_first", "2_second", "2_gone")
)


class Project:
    """A repository of a few commits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        named = (
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.org",
            "-c",
            "commit.gpgsign=false",
        )
        argv = ("git", *named, *arguments)
        done = subprocess.run(argv, cwd=self.folder, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, *written: str, deleted: str = "") -> str:
        for each in written:
            (self.folder / each).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / each).write_text("", encoding="utf-8")
        if deleted:
            (self.folder / deleted).unlink()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_the_last_release_is_the_newest_commit_from_which_there_is_something_to_migrate(
    project: Project,
) -> None:
    project.commit(FIRST)
    before = project.commit("carenet/cases/models.py")
    project.commit(SECOND)
    project.commit("README.md")

    assert last_release(project.folder) == before


def test_a_release_with_a_migration_that_is_gone_is_none(project: Project) -> None:
    before = project.commit(FIRST)
    project.commit(GONE)
    project.commit(SECOND, deleted=GONE)

    assert last_release(project.folder) == before


def test_a_tag_comes_first_unless_there_is_nothing_to_migrate_from_it(project: Project) -> None:
    project.commit(FIRST)
    project.git("tag", "v1")
    project.commit("README.md")
    project.commit(SECOND)
    project.git("tag", "v2")

    assert last_release(project.folder) == "v1"


def test_where_there_is_none_that_is_said(project: Project) -> None:
    project.commit(FIRST)

    with pytest.raises(LaunchError, match="FROM=REVISION"):
        last_release(project.folder)


def test_an_upgrade_fails_where_nothing_was_recorded_or_anything_was_refused() -> None:
    nothing, refused, well = (Writers(0, "client", "secret") for _each in range(3))
    refused.told, well.told = ["a"], ["a"]
    well.answers[201] = 1
    refused.answers.update({201: 1, 503: 1})

    assert [went_well(each) for each in (nothing, refused, well)] == [False, False, True]
