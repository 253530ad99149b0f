"""What the watch-over is measured by: `python3 run.py bench`. No part of the service."""
