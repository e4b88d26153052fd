"""Long-running processes: started, watched, started again when they fall, and stopped together."""

import os
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from launcher import say
from launcher.places import ROOT

# How long a process may take to end by itself, and how often it may fall within a minute.
PATIENCE_S = 15
FALLS_PER_MINUTE = 3


@dataclass
class Process:
    """One child: what it runs, where it logs, when it fell."""

    name: str
    command: list[str]
    log: Path
    popen: subprocess.Popen[bytes]
    falls: list[float] = field(default_factory=list)

    def last_words(self, lines: int = 15) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Supervisor:
    """Start processes in sessions of their own, so that Ctrl-C reaches only us and the order of stopping is ours."""

    def __init__(self, *, env: dict[str, str], logs: Path) -> None:
        self.env = env
        self.logs = logs
        self.processes: list[Process] = []
        # Should we be killed outright, the kernel ends the children for us.
        self.prefix = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []

    def _spawn(self, command: list[str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [*self.prefix, *command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def start(self, name: str, command: list[str]) -> Process:
        """Start a process that is to run until the end."""
        log = self.logs / f"{name}.log"
        process = Process(name, command, log, self._spawn(command, log))
        self.processes.append(process)
        return process

    def tend(self) -> None:
        """Start again what fell.

        :raises Stop: one falls again and again
        """
        for process in self.processes:
            code = process.popen.poll()
            if code is None:
                continue
            now = time.monotonic()
            process.falls = [*(fall for fall in process.falls if now - fall < 60), now]
            if len(process.falls) > FALLS_PER_MINUTE:
                raise say.Stop(f"{process.name} keeps falling ({process.log}):\n{process.last_words()}")
            say.note(f"{process.name} ended with status {code} and is started again; see {process.log}.")
            process.popen = self._spawn(process.command, process.log)

    def stop(self) -> None:
        """Ask all to end, last started first, and end by force what does not."""
        running = [process for process in reversed(self.processes) if process.popen.poll() is None]
        for process in running:
            process.popen.terminate()
        deadline = time.monotonic() + PATIENCE_S
        for process in running:
            try:
                process.popen.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say.note(f"{process.name} does not end by itself and is killed.")
                os.killpg(process.popen.pid, signal.SIGKILL)
                process.popen.wait()
        self.processes.clear()


class Background:
    """A command that runs once beside the portal, with its words passed on line by line."""

    def __init__(self, name: str, command: list[str], *, env: dict[str, str], log: Path) -> None:
        self.name = name
        self.popen = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._pass_on, args=(log,), daemon=True)
        self._reader.start()

    def _pass_on(self, log: Path) -> None:
        assert self.popen.stdout is not None
        with log.open("a") as out:
            for line in self.popen.stdout:
                out.write(line)
                out.flush()
                say.note(f"{self.name} | {line.rstrip()}")

    def finished(self) -> int | None:
        """Return the exit status once the command has ended."""
        return self.popen.poll()

    def stop(self) -> None:
        """End the command if it still runs."""
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()
        self._reader.join(2)
