"""bin/run before anything is started: what is in the way is said; what is promised is printed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher import locks, places, portal, say
from launcher.places import Places


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００"])
def test_an_odd_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(say.Stop, match="no port number"):
        portal._address()


def test_a_taken_port_is_said_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(say.Stop, match=f"PORT={port + 1}"):
            portal._address()
    assert portal._address() == ("127.0.0.1", port)


def test_a_second_start_says_where_the_first_one_is(var: Path) -> None:
    var.mkdir()
    running = locks.try_alone(var / "portal.lock")
    assert running is not None
    with running:
        running.write("http://127.0.0.1:8123, process 7\n")
        running.flush()
        done = subprocess.run(
            [places.ROOT / "bin/run"],
            env={**os.environ, "PORTAL_VAR": str(var)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "already running: http://127.0.0.1:8123" in done.stderr


def test_an_unknown_word_shows_the_usage() -> None:
    with pytest.raises(say.Stop, match="usage"):
        portal.run(["--port=9"])


def test_the_welcome_shows_the_address_and_one_login_per_role(capsys: pytest.CaptureFixture[str]) -> None:
    logins = [
        {"role": "handler", "username": "first", "password": "pw-1", "department": "a"},
        {"role": "handler", "username": "second", "password": "pw-2", "department": "b"},
        {"role": "leader", "username": "third", "password": "pw-3", "department": None},
    ]
    portal._welcome("http://127.0.0.1:8000", json.dumps(logins))
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8000" in said
    assert "first" in said
    assert "pw-1" in said
    assert "third" in said
    assert "second" not in said


def test_all_three_processes_are_started_from_the_own_environment() -> None:
    where = Places(asked=Path("/srv/var"), var=Path("/srv/var"))
    programs = portal._programs("::1", 8001, where)
    assert list(programs) == ["web", "worker", "beat"]
    assert all(command[0].startswith(str(places.VENV)) for command in programs.values())
    assert "[::1]:8001" in programs["web"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_wish_to_stop_waits_for_a_server_being_started_and_is_answered_once(number: int) -> None:
    # Started as a shell starts background jobs: with SIGINT ignored.
    script = (
        f"import sys; sys.path.insert(0, {str(places.ROOT / 'bin/lib')!r})\n"
        "import time\n"
        "from launcher import signals\n"
        "signals.listen()\n"
        "try:\n"
        "    with signals.undisturbed():\n"
        "        print('busy', flush=True); time.sleep(1); print('ready', flush=True)\n"
        "    time.sleep(30)\n"
        "except KeyboardInterrupt:\n"
        "    time.sleep(0.6); print('tidied', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "busy\n"
    process.send_signal(number)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.2)
    process.send_signal(number)  # impatience must not cut the tidying short
    assert process.stdout.read() == "tidied\n"
    assert process.wait(5) == 0
