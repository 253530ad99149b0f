"""Breaks each part of a whole service while systems write to it: `python -m launch.storm [SEED=1]`.

Servers, web, worker and beat are real and their own. Systems record consultations all the time and try
again under the same key until they are told that it is done. At the end there is a table: what was
broken, how often, how long until all was well; and what was lost, doubled, half done, answered 500 or
left behind, each of which has to be nothing.
It fails where any is more than nothing, where nothing was recorded, and where a part did not get well.
At last a database of the last release is upgraded at work (`launch.upgrade`), and its slowest request is
told, too.
"""

import os
import random
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from launch.credentials import credentials
from launch.environment import Servers, own_servers
from launch.migrate import migrate
from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT, logs_folder
from launch.postgres import start_postgres
from launch.processes import Child, Service, wait_for
from launch.readiness import HOST
from launch.storm_report import COUNTS, NEVER, Report
from launch.supervisor import StopRequested
from launch.upgrade import outcome, upgrade, went_well
from launch.writers import Writers, api_client, free_port, p95, well

OPTIONS = {"SEED": "1", "SECONDS": "600", "ONLY": "", "FROM": ""}
GONE_SECONDS = 10.0
#: How long processes have to end with their service.
LEFT_SECONDS = 10.0
#: As often a page is asked for, without slow callers and with them.
ASKED = 200
#: As large as no other page.
SHEET = b"drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js"
#: Heads and bodies that never end, and an answer that nobody takes.
SLOW = (
    b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx",
    b"GET /static/" + SHEET + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
)
UPGRADE = "upgrade"
WELL_SECONDS = 120.0
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


@dataclass
class Storm:
    """A whole service, what is done to it, and how it took that."""

    servers: Servers
    environment: Mapping[str, str]
    port: int
    report: Report = field(default_factory=Report)

    def child(self, name: str) -> Child:
        children = self.servers.supervisor.children
        return next(child for child in children if child.service.name == name)

    def suffer(self, name: str, harm: "Callable[[Storm], None]") -> bool:
        """Do the harm, and wait until the service is well again; False when it does not get so."""
        seconds = NEVER
        try:
            harm(self)
            begun = time.monotonic()
            if self.servers.supervisor.wait_until(self.well, WELL_SECONDS):
                seconds = time.monotonic() - begun
        except LaunchError as error:  # a part does not start any more: what came of it is counted
            print(error.text(), file=sys.stderr, flush=True)
        self.report.note_well_after(name, seconds)
        return seconds != NEVER

    def well(self) -> bool:
        """Whether every part lives, and pages come."""
        return all(child.alive() for child in self.servers.supervisor.children) and well(self.port)


def _slow_callers(storm: Storm) -> None:
    """Let 200 send or read slowly; note how long others wait with them, and how long without."""
    without = p95(storm.port, ASKED)
    with ExitStack() as held:
        for number in range(200):
            caller = held.enter_context(socket.create_connection((HOST, storm.port)))
            caller.sendall(SLOW[number % len(SLOW)])
        storm.report.waits.append((without, p95(storm.port, ASKED)))


def _web_process_killed(storm: Storm) -> None:
    os.kill(random.choice(_children(storm.child("web").group)), signal.SIGKILL)  # noqa: S311


def _killed(name: str) -> Callable[[Storm], None]:
    def kill(storm: Storm) -> None:
        killed = storm.child(name)
        os.killpg(killed.group, signal.SIGKILL)
        killed.process.wait()  # or it would still be taken for alive

    return kill


def _database_gone(storm: Storm) -> None:
    gone = storm.child("PostgreSQL")
    for pid in (gone.group, *_children(gone.group)):
        os.kill(pid, signal.SIGKILL)
    gone.process.wait()
    storm.servers.supervisor.children.remove(gone)
    _wait(storm, GONE_SECONDS)
    assert storm.servers.run  # noqa: S101 - own servers have one
    start_postgres(storm.servers.supervisor, storm.servers.run, credentials(), durable=True)


def _hung(name: str) -> Callable[[Storm], None]:
    def hang(storm: Storm) -> None:
        first = storm.child(name).group
        stopped = (first, *_children(first))
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        _wait(storm, GONE_SECONDS)
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)

    return hang


def _clock_off(by: str) -> Callable[[Storm], None]:
    def work(storm: Storm) -> None:
        worker = storm.child("worker").service
        off = {**worker.environment, "LD_PRELOAD": str(FAKETIME), "FAKETIME": by}
        argv = (*worker.argv, "-n", f"off{secrets.token_hex(2)}@%h")
        log = worker.log.with_name("clock.log")
        child = storm.servers.supervisor.start(
            replace(worker, name="clock", argv=argv, environment=off, log=log, kept=False)
        )
        _wait(storm, GONE_SECONDS)
        storm.servers.supervisor.stop(child)

    return work


HARMS: dict[str, Callable[[Storm], None]] = {
    "slow callers": _slow_callers,
    "web process killed": _web_process_killed,
    "web killed": _killed("web"),
    "worker killed": _killed("worker"),
    "beat killed": _killed("beat"),
    "Valkey killed": _killed("Valkey"),
    "Valkey hung": _hung("Valkey"),
    "database gone": _database_gone,
    "database hung": _hung("PostgreSQL"),
    **(
        {"clock late": _clock_off("-10m"), "clock early": _clock_off("+10m")}
        if FAKETIME.exists()
        else {}
    ),
}


def main() -> int:
    """Return 1 if anything was lost, doubled, half done, undone, answered 500 or left behind."""
    options = _options(sys.argv[1:])
    random.seed(int(options["SEED"]))
    mark = secrets.token_hex(8)
    try:
        with own_servers(durable=True) as servers:
            storm, writers = _begin(servers, mark)
            report = storm.report
            with writers.at_work():
                _rage(storm, float(options["SECONDS"]), options["ONLY"])
            report.count(_counted(servers, writers), writers)
        wait_for(lambda: not _left(mark), LEFT_SECONDS)
        report.faults["left behind"] = len(_left(mark))
        # Before an upgrade that may end with an error of its own.
        print(f"\n{report.table(writers)}", flush=True)
        upgraded_well = options["ONLY"] not in UPGRADE or _upgraded_well(options["FROM"])
    except StopRequested as request:
        return 128 + request.number
    return 0 if report.passed and upgraded_well else 1


def _upgraded_well(revision: str) -> bool:
    writers = upgrade(revision)
    print(f"\nupgraded at work: {outcome(writers)}")
    return went_well(writers)


def _begin(servers: Servers, mark: str) -> tuple[Storm, Writers]:
    environment = {
        **servers.environment,
        "DJANGO_SETTINGS_MODULE": "config.settings.demo",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "STORM": mark,
    }
    logs = logs_folder() / "storm"
    logs.mkdir(exist_ok=True)
    say("データベースを移行しています", "migrating the database")
    migrate(servers, environment, logs / "migrate.log")
    client = api_client(environment, PROJECT)
    port = free_port()
    celery = ("-m", "celery", "-A", "config")
    alone = ("--without-mingle", "--without-gossip")
    parts = {
        "web": ("-m", "config.server", "--host", HOST, "--port", str(port)),
        "worker": (*celery, "worker", "-c", "2", *alone),
        "beat": (*celery, "beat", "--schedule", str(logs / "schedule")),
    }
    for name, arguments in parts.items():
        servers.supervisor.start(
            Service(
                name,
                (sys.executable, *arguments),
                environment,
                logs / f"{name}.log",
                PROJECT,
                kept=True,
            )
        )
    storm = Storm(servers, environment, port)
    if not servers.supervisor.wait_until(lambda: well(port), WELL_SECONDS):
        raise LaunchError("準備できませんでした。", "It did not get ready.", logs / "web.log")
    return storm, Writers(port, *client)


def _rage(storm: Storm, seconds: float, only: str) -> None:
    """Break one part after the other, each once at least, in an order that the seed decides.

    What does not get well again ends it.
    """
    harms = {name: harm for name, harm in HARMS.items() if only in name}
    until = time.monotonic() + seconds
    first = True
    while first or time.monotonic() < until:
        for name in random.sample(sorted(harms), len(harms)):
            if first or time.monotonic() < until:
                say(f"壊しています: {name}", f"breaking: {name}")
                if not storm.suffer(name, harms[name]):
                    return
        first = False


def _counted(servers: Servers, writers: Writers) -> dict[str, int]:
    with psycopg.connect(servers.environment["DATABASE_OWNER_URL"]) as connection:
        return {
            name: int(connection.execute(query, {"told": writers.told}).fetchone()[0])  # type: ignore[index]
            for name, query in COUNTS.items()
        }


def _wait(storm: Storm, seconds: float) -> None:
    """Let time pass, and an end that is asked for come through."""
    storm.servers.supervisor.wait_until(lambda: False, seconds)


def _children(pid: int) -> tuple[int, ...]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return tuple(map(int, text.split()))


def _left(mark: str) -> list[int]:
    return [pid for pid, environment in _environments() if f"STORM={mark}".encode() in environment]


def _environments() -> Iterator[tuple[int, bytes]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), (folder / "environ").read_bytes()
        except OSError:
            continue


def _options(arguments: list[str]) -> dict[str, str]:
    given = dict(each.partition("=")[::2] for each in arguments)
    if unknown := set(given) - set(OPTIONS):
        raise LaunchError(
            f"不明なオプションです: {', '.join(sorted(unknown))}",
            f"Unknown options: {', '.join(sorted(unknown))}. "
            "Known: SEED=1, SECONDS=600, ONLY=hung, FROM=REVISION.",
        )
    return OPTIONS | given


if __name__ == "__main__":
    run_as_program(main)
