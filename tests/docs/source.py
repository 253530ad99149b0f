"""The source code, read as text: calls, strings, classes and what is assigned."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from launch.paths import PROJECT
from tests.docs.pages import text_of


@cache
def trees(*roots: str) -> list[ast.Module]:
    files = [file for root in roots for file in sorted((PROJECT / root).rglob("*.py"))]
    return [ast.parse(text_of(file)) for file in files]


def nodes(*roots: str) -> Iterator[ast.AST]:
    for tree in trees(*roots):
        yield from ast.walk(tree)


@cache
def calls(*roots: str) -> list[tuple[str, ast.Call]]:
    """Return the calls with the last part of the called name."""
    return [(called_name(node), node) for node in nodes(*roots) if isinstance(node, ast.Call)]


def called_name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", "") or getattr(call.func, "id", ""))


@cache
def strings(*roots: str) -> set[str]:
    return {
        node.value
        for node in nodes(*roots)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def classes() -> dict[str, str]:
    """Return our classes: name → module."""
    return {
        node.name: file.relative_to(PROJECT).with_suffix("").as_posix().replace("/", ".")
        for root in ("carenet", "config", "launch")
        for file in sorted((PROJECT / root).rglob("*.py"))
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.ClassDef)
    }


def assigned(*roots: str) -> set[str]:
    """Return the names that are given a value anywhere."""
    return {
        target.id
        for node in nodes(*roots)
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


@cache
def all_strings(*roots: str) -> str:
    """Return all strings of the code in one, a line each."""
    return "\n".join(strings(*roots))


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads(text_of(PROJECT / "pyproject.toml"))


@cache
def layers(contract: int) -> list[set[str]]:
    """Return the layers of an import contract, from the top down."""
    found: list[str] = pyproject()["tool"]["importlinter"]["contracts"][contract]["layers"]
    return [set(re.findall(r"\w+", layer)) for layer in found]
