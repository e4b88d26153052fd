"""Start the portal as a newcomer would, ask its first pages, stop it, and see that nothing is left."""

import html
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# A bare machine has five minutes for its first page; here everything is installed already.
FIRST_PAGE_S = 240
STOP_S = 60


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(url: str) -> tuple[int | None, str]:
    """Return the status of a page and its text; no status when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return int(response.status), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return None, ""


def leftovers(var: Path) -> list[str]:
    """Return the processes whose command line or environment mentions this var/."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
            surroundings = (process / "environ").read_bytes()
        except OSError:  # ended meanwhile, or somebody else's
            continue
        if os.fsencode(var) in words + surroundings:
            found.append(f"{process.name} {words.replace(bytes(1), b' ').decode(errors='replace')}")
    return found


def start(port: int, var: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start bin/run in an empty var/ on a port of its own."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [ROOT / "bin/run"],
            env={**os.environ, "PORT": str(port), "PORTAL_VAR": str(var)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )


def visit(run: subprocess.Popen[bytes], port: int) -> float:
    """Wait for the first page, then ask the others; return the seconds the first one took."""
    base = f"http://127.0.0.1:{port}"
    begin = time.monotonic()
    while (first := answer(f"{base}/"))[0] != 200:
        if run.poll() is not None:
            raise SystemExit(f"bin/run ended with {run.returncode} before the first page")
        if time.monotonic() - begin > FIRST_PAGE_S:
            raise SystemExit(f"no first page within {FIRST_PAGE_S} s; the last answer was {first[0]}")
        time.sleep(0.5)
    took = time.monotonic() - begin
    login = re.search(r'href="(/[^"]*login[^"]*)"', first[1])
    if login is None:
        raise SystemExit("the first page does not lead to the login")
    for path in ("/healthz", html.unescape(login[1]), "/api/v1/schema"):
        if (status := answer(base + path)[0]) != 200:
            raise SystemExit(f"{path} answers {status}")
    return took


def main() -> None:
    """Do it twice: the second start must be quick."""
    with tempfile.TemporaryDirectory(prefix="portal-smoke-") as folder:
        Path(folder).chmod(0o755)
        var, log = Path(folder) / "var", Path(folder) / "run.log"
        for title in ("first", "second"):
            port = free_port()
            run = start(port, var, log)
            try:
                took = visit(run, port)
            except SystemExit:
                sys.stderr.write(log.read_text(errors="replace"))
                raise
            finally:
                run.send_signal(signal.SIGINT)
                code = run.wait(STOP_S)
            if code != 0:
                raise SystemExit(f"bin/run ended with {code} after Ctrl-C:\n{log.read_text(errors='replace')}")
            if left := leftovers(var):
                raise SystemExit("still running after Ctrl-C:\n" + "\n".join(left))
            print(f"smoke: {title} start, page after {took:.1f} s, stopped, nothing left", flush=True)


if __name__ == "__main__":
    main()
