"""The whole service on one machine, with fictional people, until Ctrl-C."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from launch.banner import welcome, written_address
from launch.demo_checks import chosen_port, only_demo
from launch.demo_state import fingerprint, is_prepared, note_prepared
from launch.environment import Servers, servers_for_demo
from launch.manage import demo_environment, servers_told
from launch.migrate import migrate
from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT, STATE, logs_folder
from launch.processes import POLL_SECONDS, Service
from launch.readiness import HOST, health
from launch.supervisor import StopRequested, Supervisor

STEP_SECONDS = 300.0
READY_SECONDS = 60.0
ACCOUNTS = STATE / "demo.json"


def main() -> int:
    """Ctrl-C is the ordinary end and counts as success."""
    with only_demo():
        port = chosen_port(os.environ)
        try:
            with servers_for_demo() as servers, servers_told(servers.environment):
                _run(servers, port)
        except StopRequested:
            say("終了しました", "ended")
    return 0


def _run(servers: Servers, port: int) -> None:
    supervisor = servers.supervisor
    environment = demo_environment(servers.environment)
    _prepare(servers, environment, f"http://{HOST}:{port}")
    say("サービスを起動しています", "starting web, worker and beat")
    for service in _services(environment, port):
        supervisor.start(service)
    _wait_until_ready(supervisor, port)
    print(f"\n{welcome(ACCOUNTS)}\n")
    say(f"ログ: {logs_folder().relative_to(PROJECT)}/demo", "logs of every part")
    say("Ctrl-C で終了します", "Ctrl-C ends it")
    while True:
        supervisor.look()
        time.sleep(POLL_SECONDS)


def _prepare(servers: Servers, environment: Mapping[str, str], base_url: str) -> None:
    """Migrate and load, as far as this database has not seen this code yet."""
    owner_url = environment["DATABASE_OWNER_URL"]
    mark = fingerprint()
    fresh = not (servers.embedded and is_prepared(owner_url, mark))
    if fresh:
        say("データベースを移行しています", "migrating the database")
        migrate(servers, environment, demo_logs() / "migrate.log")
    if fresh or written_address(ACCOUNTS) != base_url:
        say("デモのデータを用意しています", "loading the demo")
        target = ("--base-url", base_url, "--write", str(ACCOUNTS))
        # Unbuffered: each part is told when it begins.
        load = _python("load_demo", environment, "-u", "manage.py", "load_demo", *target)
        servers.supervisor.run_step(load, seconds=STEP_SECONDS, shown=True)
    if fresh and servers.embedded:
        note_prepared(owner_url, mark)
    say("今日の見守りを始めています", "beginning the day's rounds")
    start = _python("start_demo", environment, "manage.py", "start_demo")
    servers.supervisor.run_step(start, seconds=STEP_SECONDS)


def _services(environment: Mapping[str, str], port: int) -> tuple[Service, ...]:
    web = ("-m", "config.server", "--host", HOST, "--port", str(port))
    celery = ("-m", "celery", "-A", "config")
    # There is no second worker to greet, which would take a second.
    alone = ("--without-mingle", "--without-gossip")
    schedule = str(STATE / "celerybeat-schedule")
    # The owner's rights are for migrations alone.
    hidden = {key: value for key, value in environment.items() if key != "DATABASE_OWNER_URL"}
    return (
        _kept("web", hidden, *web),
        _kept("worker", hidden, *celery, "worker", "-c", "2", *alone, "--loglevel", "INFO"),
        _kept("beat", hidden, *celery, "beat", "--schedule", schedule, "--loglevel", "INFO"),
    )


def _kept(name: str, environment: Mapping[str, str], *arguments: str) -> Service:
    return replace(_python(name, environment, *arguments), kept=True)


def _python(name: str, environment: Mapping[str, str], *arguments: str) -> Service:
    return Service(
        name=name,
        argv=(sys.executable, *arguments),
        environment=environment,
        log=demo_logs() / f"{name}.log",
        folder=PROJECT,
    )


def demo_logs() -> Path:
    logs = logs_folder() / "demo"
    logs.mkdir(exist_ok=True)
    return logs


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    missing = "web"

    def all_parts_work() -> bool:
        nonlocal missing
        answer = health(port)
        missing = answer.missing
        return answer.ready

    if not supervisor.wait_until(all_parts_work, READY_SECONDS):
        log = logs_folder() / "demo" / f"{missing}.log"
        raise LaunchError(
            f"サービスが時間内に準備できませんでした。応答しない部分: {missing}",
            f"The service did not get ready in time. The part that is missing: {missing}",
            log if log.exists() else logs_folder() / "demo" / "web.log",
        )


if __name__ == "__main__":
    run_as_program(main)
