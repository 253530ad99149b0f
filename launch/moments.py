"""Runs tests at nasty moments, all clocks moved: `python -m launch.moments [ONLY=02:30,29-feb] [ARGS]`.

Without arguments to pytest it is the part that is bound to the clock (`CLOCK_BOUND`). PostgreSQL and
Valkey are moved by libfaketime, Python and the processes that tests start by time-machine.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from launch.environment import Servers, own_servers
from launch.faketime import PACKAGE, ServersClock, library
from launch.output import LaunchError, run_as_program, say
from launch.paths import PROJECT, logs_folder, private_folder
from launch.supervisor import StopRequested
from launch.test import template

TOKYO = ZoneInfo("Asia/Tokyo")
#: The tests whose rules count days, or that make up dates of their own.
CLOCK_BOUND = (
    "tests/core/test_clock.py",
    "tests/agencies/test_working_days.py",
    "tests/agencies/test_calendars.py",
    "tests/agencies/test_capacity.py",
    "tests/residents/test_expiry_reminders.py",
    "tests/residents/test_consents.py",
    "tests/referrals/test_review.py",
    "tests/referrals/test_escalation.py",
    "tests/reminders/test_quiet_hours.py",
    "tests/reminders/test_digests.py",
    "tests/watchover/test_report.py",
    "tests/staff/test_times.py",
)
TUESDAY, SUNDAY = 1, 6
#: How pytest says that it was interrupted, and from where on a status names a signal.
INTERRUPTED, SIGNALLED = 2, 128


@dataclass(frozen=True)
class Moment:
    """A name, and when it comes next after a day in Japan."""

    name: str
    after: Callable[[datetime], datetime]


def _at(clock: str, weekday: int = TUESDAY) -> Callable[[datetime], datetime]:
    """Return what finds the next such weekday, at that time."""
    hour, minute = map(int, clock.split(":"))

    def find(now: datetime) -> datetime:
        days = (weekday - now.weekday() - 1) % 7 + 1
        return (now + timedelta(days=days)).replace(hour=hour, minute=minute, second=0)

    return find


def _on(month: int, day: int, clock: str = "10:00") -> Callable[[datetime], datetime]:
    """Return what finds the next such day of a year that has one."""
    hour, minute = map(int, clock.split(":"))

    def find(now: datetime) -> datetime:
        year = now.year
        while True:
            try:
                found = datetime(year, month, day, hour, minute, tzinfo=TOKYO)
            except ValueError:  # no such day in that year
                found = now
            if found > now:
                return found
            year += 1

    return find


def _years(number: int) -> Callable[[datetime], datetime]:
    return lambda now: now + timedelta(days=365 * number)


MOMENTS = (
    *(Moment(clock, _at(clock)) for clock in ("00:30", "02:30", "08:30", "23:55")),
    Moment("28-feb", _on(2, 28)),
    Moment("29-feb", _on(2, 29)),
    Moment("31-mar", _on(3, 31, "23:55")),
    Moment("1-apr", _on(4, 1, "00:30")),
    *(Moment(f"{day}-dec", _on(12, day)) for day in (29, 30)),
    Moment("31-dec", _on(12, 31, "23:55")),
    Moment("1-jan", _on(1, 1, "00:30")),
    *(Moment(f"{day}-jan", _on(1, day)) for day in (2, 3, 4)),
    Moment("sunday", _at("10:00", SUNDAY)),
    Moment("golden-week", _on(5, 4)),
    Moment("two-years", _years(2)),
    Moment("ten-years", _years(10)),
)


def main() -> int:
    """Return 1 if the tests failed at any of the moments; the servers are gone by then."""
    chosen, arguments = _chosen(sys.argv[1:])
    found = library()
    if found is None:
        raise LaunchError(
            f"時計を動かすには {PACKAGE} が必要です: apt-get install {PACKAGE}",
            f"Moving the clock needs {PACKAGE}: apt-get install {PACKAGE}",
        )
    clock = ServersClock(found, private_folder() / f"moment-{os.getpid()}")
    try:
        clock.move(0)
        with own_servers(clock.environment) as servers:
            failed = _run(servers, clock, chosen, arguments)
    except StopRequested as request:
        return 128 + request.number
    finally:
        clock.file.unlink(missing_ok=True)
    print("\n== まとめ / summary ==")
    for moment in chosen:
        print(f"{'失敗 / FAILED' if moment in failed else 'OK':<8} {moment.name}")
    return 1 if failed else 0


def _run(
    servers: Servers, clock: ServersClock, chosen: tuple[Moment, ...], arguments: list[str]
) -> list[Moment]:
    environment = {**servers.environment, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    environment |= template(servers, environment, logs_folder() / "moments-migrate.log")
    failed = []
    for moment in chosen:
        now = datetime.now(TOKYO)
        then = moment.after(now)
        say(f"時刻: {then:%Y-%m-%d %H:%M}", f"moment: {moment.name}")
        ahead = round((then - now).total_seconds())
        clock.move(ahead)
        argv = (sys.executable, "-m", "pytest", "-q", "--reuse-db", *(arguments or clock_bound()))
        moved = {**environment, "SUITE_AHEAD_SECONDS": str(ahead)}
        status = servers.supervisor.run_in_foreground(argv, moved, PROJECT)
        if status == INTERRUPTED or status > SIGNALLED:  # somebody ended it, not this moment alone
            raise StopRequested(signal.SIGINT)
        if status:
            failed.append(moment)
    return failed


def clock_bound() -> tuple[str, ...]:
    """Return pytest's arguments for the part that is bound to the clock, a process for each core."""
    return (f"--numprocesses={os.cpu_count() or 1}", "--dist=loadfile", *CLOCK_BOUND)


def _chosen(arguments: list[str]) -> tuple[tuple[Moment, ...], list[str]]:
    """Return the moments that are asked for, and what is left for pytest."""
    known = {moment.name: moment for moment in MOMENTS}
    only = [each for each in arguments if each.startswith("ONLY=")]
    rest = [each for each in arguments if each not in only]
    names = [name for each in only for name in each.removeprefix("ONLY=").split(",")]
    if unknown := [name for name in names if name not in known]:
        raise LaunchError(
            f"不明な時刻です: {'、'.join(unknown)}",
            f"Unknown moments: {', '.join(unknown)}. Known: {', '.join(known)}.",
        )
    return tuple(known[name] for name in names or known), rest


if __name__ == "__main__":
    run_as_program(main)
