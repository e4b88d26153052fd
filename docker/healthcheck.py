"""Ask whether this container does its work: `healthcheck.py web` or `healthcheck.py beat`. Ends with 1 if not."""

import http.client
import os
import sys
import time
from contextlib import closing
from pathlib import Path

SCHEDULE = Path("/tmp/beat-schedule")
# The beat writes its schedule every three minutes.
LATEST_S = 400


def web() -> bool:
    """Tell whether the portal answers under its own name."""
    host = os.environ["PORTAL_HOSTS"].split(",")[0].strip()
    with closing(http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)) as client:
        client.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return client.getresponse().status == http.HTTPStatus.OK


def beat() -> bool:
    """Tell whether the schedule was written lately."""
    written = max((path.stat().st_mtime for path in SCHEDULE.parent.glob(SCHEDULE.name + "*")), default=0.0)
    return time.time() - written < LATEST_S


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
