"""`bin/run`: the whole portal on this machine, from nothing to a first page, until Ctrl-C."""

import http.client
import json
import os
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from launcher import commands, database, locks, places, say, signals, venv
from launcher.database import Database
from launcher.places import ROOT, VENV
from launcher.services import Services
from launcher.supervisor import Background, Process, Supervisor

FIRST_PAGE_S = 90


def _address() -> tuple[str, int]:
    """Return where to listen.

    :raises Stop: PORT is no port, or taken
    """
    host = os.environ.get("HOST") or "127.0.0.1"
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise say.Stop(f"PORT={text!r} is no port number.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(text)))
        except OSError as error:
            advice = f"Choose another one: PORT={int(text) + 1} bin/run"
            raise say.Stop(f"{host}:{text} cannot be used ({error.strerror}). {advice}") from error
    return host, int(text)


def _pack() -> tuple[Path, str]:
    """Return the city pack's directory and the digest of what is in it."""
    folder = Path(os.environ.get("PORTAL_PACK") or ROOT / "portal/citypack/packs/binhai").absolute()
    return folder, database.fingerprint("**/*", root=folder)


def _demo() -> bool:
    return (os.environ.get("PORTAL_DEMO") or "1").lower() not in {"0", "false", "no", "off"}


def _prepare(data: Database) -> None:
    """Bring the database to where people can log in."""
    data.ensure()
    folder, pack = _pack()
    with locks.alone(data.lock):
        data.once("pack", pack, "Loading the city pack", "load_pack", str(folder))
        if _demo():
            data.once("people", pack, "Making the demo logins", "demo_people")


def _programs(host: str, port: int, where: places.Places) -> dict[str, list[str]]:
    """Return the command lines of the three processes, web first."""
    celery = [str(VENV / "bin/celery"), "-A", "portal"]
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [str(VENV / "bin/gunicorn"), "portal.wsgi:application", "--bind", bind, "--workers", "3", "--preload"]
    web += ["--timeout", "60", "--graceful-timeout", "5", "--access-logfile", str(where.logs / "access.log")]
    web += ["--no-control-socket"]
    worker = [*celery, "worker", "--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel=INFO", f"--schedule={where.var / 'beat-schedule'}", "--pidfile="]
    return {"web": web, "worker": worker, "beat": beat}


def _await_page(web: Process, host: str, port: int) -> None:
    """Wait until the portal answers.

    :raises Stop: it fell, or takes too long; with the end of its log
    """
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + FIRST_PAGE_S
    while time.monotonic() < deadline:
        if web.popen.poll() is not None:
            break
        with closing(http.client.HTTPConnection(target, port, timeout=10)) as client:
            try:
                client.request("GET", "/healthz")
                if client.getresponse().status == http.HTTPStatus.OK:
                    return
            except (OSError, http.client.HTTPException):
                pass
        time.sleep(0.1)
    raise say.Stop(f"The portal does not answer ({web.log}):\n{web.last_words()}")


def _manage(*args: str) -> list[str]:
    return [str(venv.PYTHON), str(ROOT / "manage.py"), *args]


def _welcome(url: str, logins: str) -> None:
    """Print the address and one login per role."""
    print(f"\n  The portal is at {url}   (Ctrl-C stops it)\n")
    shown: set[str] = set()
    for login in json.loads(logins or "[]"):
        if login["role"] in shown:
            continue
        if not shown:
            print(f"  {'role':<16}{'user':<24}{'password':<20}department")
        shown.add(login["role"])
        print(f"  {login['role']:<16}{login['username']:<24}{login['password']:<20}{login.get('department') or ''}")
    print("", flush=True)


def run(args: list[str]) -> int:
    """Start everything, stay until a wish to stop, stop what was started.

    :raises Stop: something is missing or in the way; says what
    """
    if args:
        raise say.Stop("usage: [PORT=8000] [HOST=127.0.0.1] [PORTAL_VAR=DIR] [PORTAL_DEMO=0] bin/run")
    commands.set_up()
    where = places.find()
    running = locks.try_alone(where.var / "portal.lock")
    if running is None:
        raise say.Stop(f"This portal is already running: {(where.var / 'portal.lock').read_text().strip()}")
    with running:
        host, port = _address()
        url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        running.truncate(0)
        running.write(f"{url}, process {os.getpid()}\n")
        running.flush()
        env = places.environment(where)
        env.setdefault("PORTAL_PUBLIC_URL", url)
        # Browsers share cookies between ports; two portals side by side must not log each other out.
        env.setdefault("PORTAL_COOKIE", f"portal_{port}")
        private = Services(where)
        with private.used():
            data = Database(services=private, env=env, name=database.chosen())
            _prepare(data)
            try:
                _serve(data, host, port, url)
            except KeyboardInterrupt:
                say.note("Stopping ...")
    say.note("Stopped.")
    return 0


def _serve(data: Database, host: str, port: int, url: str) -> None:
    """Run web, worker and beat, and fill the demo city beside them."""
    where, env = data.places, data.env
    supervisor = Supervisor(env=env, logs=where.logs)
    city: Background | None = None
    try:
        programs = _programs(host, port, where)
        with say.step("Starting the web server"):
            web = supervisor.start("web", programs.pop("web"))
            asked = _manage("demo_logins", "--json")
            logins = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
            _await_page(web, host, port)
        if logins.returncode:
            say.note(f"The demo logins could not be listed:\n{logins.stderr.strip()}")
        _welcome(url, logins.stdout if logins.returncode == 0 else "")
        for name, command in programs.items():
            supervisor.start(name, command)
        say.note(f"[{say.elapsed():6.1f}s] Worker and beat are starting; logs are in {where.logs}.")
        if _demo() and "city" not in data.marks():
            say.note("The demo city's history is being written; the portal can be used meanwhile.")
            city = Background("demo city", _manage("demo_city"), env=env, log=where.logs / "demo-city.log")
        while True:
            time.sleep(0.5)
            supervisor.tend()
            if city and (code := city.finished()) is not None:
                if code == 0:
                    data.mark("city", "written")
                    say.note(f"[{say.elapsed():6.1f}s] The demo city is complete.")
                else:
                    say.note(f"The demo city stopped with status {code}; see {where.logs / 'demo-city.log'}.")
                city = None
    finally:
        with signals.undisturbed():
            if city:
                city.stop()
            supervisor.stop()
