"""What the web server loads before its processes part is fit to be shared by them."""

from __future__ import annotations

import subprocess
import sys

from launch.paths import PROJECT

LOADED = """
import os, sys, threading
from config import server
server.prepare()
open_ones = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")[:-1]]
print([each for each in open_ones if each.startswith("socket")], threading.active_count())
print("carenet.staff.pages.today" in sys.modules)
"""


def test_the_pages_are_loaded_without_a_connection_or_a_thread() -> None:
    told = subprocess.run(
        (sys.executable, "-c", LOADED), cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines() == ["[] 1", "True"]
