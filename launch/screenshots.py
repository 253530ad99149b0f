"""A picture of every page in both languages: `python -m launch.screenshots` writes them to .carenet/.

With `docs` those that the documents show are put into their folder too.
"""

import shutil
import sys

from launch.environment import servers_for_tests
from launch.output import run_as_program, say
from launch.paths import PROJECT, STATE

#: What the documents show, by the name of the picture there.
SHOWN = {
    "desk.png": "referral-desk-ja.png",
    "review.png": "review-network-desk-ja.png",
    "pocket.png": "pocket-phone-ja.png",
}


def main() -> int:
    """Return pytest's exit status; the pictures lie in `.carenet/screenshots`."""
    folder = STATE / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with servers_for_tests() as servers:
        environment = {
            **servers.environment,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "SCREENSHOTS": str(folder),
        }
        argv = (sys.executable, "-m", "pytest", "-q", "tests/staff/test_screenshots.py")
        status = servers.supervisor.run_in_foreground(argv, environment, PROJECT)
    if status == 0 and "docs" in sys.argv[1:]:
        for name, taken in SHOWN.items():
            shutil.copyfile(folder / taken, PROJECT / "docs" / "pictures" / name)
    say(f"画面の画像: {folder.relative_to(PROJECT)}", "pictures of the pages")
    return status


if __name__ == "__main__":
    run_as_program(main)
