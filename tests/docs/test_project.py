"""The project: index, licence, release, decisions and the checks of a commit."""

from __future__ import annotations

import hashlib
import re

import yaml
from django.conf import settings as settings_of_django

from launch.paths import PROJECT
from tests.docs.pages import DOCS, LINK, text_of
from tests.docs.source import pyproject


def test_every_page_stands_in_the_index() -> None:
    listed = set(LINK.findall(text_of(DOCS / "README.md")))
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} == listed - {"adr/README.md"}


def test_the_licence_is_the_whole_text_of_apache_2() -> None:
    digest = hashlib.sha256((PROJECT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert pyproject()["project"]["license"] == "Apache-2.0"


def test_the_release_is_the_same_everywhere() -> None:
    version = pyproject()["project"]["version"]
    assert settings_of_django.SPECTACULAR_SETTINGS["VERSION"] == version
    cut = re.findall(r"^## \[([\d.]+)\]", text_of(PROJECT / "CHANGELOG.md"), re.MULTILINE)
    assert cut[0] == version


def test_the_decisions_are_numbered_listed_and_of_one_form() -> None:
    pages = sorted(page for page in (DOCS / "adr").glob("*.md") if page.name != "README.md")
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    assert LINK.findall(text_of(DOCS / "adr" / "README.md")) == [page.name for page in pages]
    for page in pages:
        assert re.findall(r"^\*\*(\w+)\.\*\*", text_of(page), re.MULTILINE) == [
            "Context", "Decision", "Consequences",
        ]  # fmt: skip


def test_commits_are_checked_without_a_download() -> None:
    repos = yaml.safe_load(text_of(PROJECT / ".pre-commit-config.yaml"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert all(".venv/bin/python" in hook["entry"] for hook in repos[0]["hooks"])
