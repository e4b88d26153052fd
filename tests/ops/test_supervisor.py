"""Processes are started again when they fall and leave nothing behind when they are stopped."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import say, supervisor
from launcher.supervisor import Background, Supervisor


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Supervisor]:
    watch = Supervisor(env=dict(os.environ), logs=tmp_path)
    yield watch
    watch.stop()


def until(true: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_falls_is_started_again(watched: Supervisor) -> None:
    process = watched.start("sleeper", ["sleep", "60"])
    first = process.popen.pid
    os.kill(first, signal.SIGKILL)
    process.popen.wait()
    watched.tend()
    assert process.popen.pid != first
    assert process.popen.poll() is None


def test_one_that_keeps_falling_stops_everything_with_its_last_words(watched: Supervisor) -> None:
    process = watched.start("broken", ["sh", "-c", "echo no such module; exit 3"])

    def tend() -> bool:
        process.popen.wait()
        watched.tend()
        return False

    with pytest.raises(say.Stop, match=r"(?s)broken keeps falling.*no such module"):
        until(tend)


def test_all_are_stopped_and_the_stubborn_killed_with_their_children(
    watched: Supervisor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE_S", 0.5)
    polite = watched.start("polite", ["sleep", "60"]).popen
    pids = tmp_path / "pids"
    script = f"trap '' TERM; sleep 60 & echo $! > {pids}; while :; do sleep 1; done"
    stubborn = watched.start("stubborn", ["sh", "-c", script]).popen
    assert until(lambda: pids.exists() and pids.read_text().strip() != "")
    watched.stop()
    assert polite.returncode == -signal.SIGTERM
    assert stubborn.returncode == -signal.SIGKILL
    # The orphan is reaped by whatever adopts it; gone or a zombie, it does not run.
    stat = Path(f"/proc/{pids.read_text().strip()}/stat")
    assert until(lambda: not stat.exists() or stat.read_text().split()[2] == "Z")


def test_children_do_not_hear_ctrl_c(watched: Supervisor) -> None:
    process = watched.start("sleeper", ["sleep", "60"])
    assert os.getsid(process.popen.pid) != os.getsid(0)


def test_words_of_a_background_command_are_passed_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "print('project 1 of 2'); print('project 2 of 2')"]
    work = Background("city", command, env=dict(os.environ), log=tmp_path / "city.log")
    assert until(lambda: work.finished() is not None)
    work.stop()
    assert work.finished() == 0
    assert (tmp_path / "city.log").read_text() == "project 1 of 2\nproject 2 of 2\n"
    assert "city | project 2 of 2" in capfd.readouterr().err


def test_a_background_command_can_be_cut_off(tmp_path: Path) -> None:
    work = Background("long", ["sleep", "60"], env=dict(os.environ), log=tmp_path / "long.log")
    work.stop()
    assert not alive(work.popen.pid)
