"""One worker: the two sweeps that beat would start, one after the other, until it is killed."""

import time

import django

django.setup()

from carenet.reminders.tasks import sweep as send  # noqa: E402
from carenet.watchover.tasks import sweep as look  # noqa: E402

PAUSE_SECONDS = 0.05


def main() -> None:
    while True:
        look()
        send()
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
