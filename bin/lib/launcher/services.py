"""The private PostgreSQL and Redis of one checkout: unix sockets only, so that nothing is open to the network.

Whoever uses them holds a shared lock. The last user to leave stops them, unless `bin/services start` asked to keep
them: so a command beside a running portal leaves it alone, and a command on its own leaves nothing behind.
"""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher import locks, say, signals
from launcher.places import Places

SERVERS = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")


def server_versions() -> list[int]:
    """Return the installed PostgreSQL versions that come with PostGIS, newest first."""
    return sorted(
        (
            int(folder.name)
            for folder in SERVERS.glob("[0-9]*")
            if (folder / "bin/initdb").exists() and (EXTENSIONS / folder.name / "extension/postgis.control").exists()
        ),
        reverse=True,
    )


def answers(path: Path) -> bool:
    """Tell whether a server listens on a unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def _memory_mb() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


@dataclass(frozen=True)
class Services:
    """Both servers below one var/."""

    places: Places

    # --- who runs them -----------------------------------------------------------------------------------------------

    def _as_user(self, command: list[str]) -> list[str]:
        """Put the command under the postgres account when we are root, because PostgreSQL refuses to run as root."""
        if os.getuid() != 0:
            return command
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env"]
        return [*become, "env", "LC_ALL=C.UTF-8", *command]

    def _give(self, path: Path) -> None:
        path.mkdir(exist_ok=True, mode=0o700)
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(path, account.pw_uid, account.pw_gid)

    def _call(self, command: list[str], *, log: Path) -> None:
        """Run a server's tool away from our terminal.

        :raises Stop: it failed; with the end of its log
        """
        with log.open("ab") as out:
            done = subprocess.run(
                self._as_user(command),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C in our terminal must not reach the servers
                check=False,
            )
        if done.returncode:
            end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise say.Stop(f"{Path(command[0]).name} failed ({log}):\n{end}")

    # --- PostgreSQL --------------------------------------------------------------------------------------------------

    @property
    def postgres_socket(self) -> Path:
        """Name the socket PostgreSQL listens on."""
        return self.places.run / ".s.PGSQL.5432"

    def tool(self, name: str) -> str:
        """Return the path of a PostgreSQL program that fits the cluster.

        :raises Stop: the cluster was made by a version that is no longer installed
        """
        versions = server_versions()
        made_by = self.places.data / "PG_VERSION"
        if made_by.exists():
            wanted = int(made_by.read_text())
            if wanted not in versions:
                raise say.Stop(
                    f"{self.places.data} was made by PostgreSQL {wanted}, which is no longer installed "
                    f"with PostGIS. Install it, or remove {self.places.var} to begin anew."
                )
            return str(SERVERS / str(wanted) / "bin" / name)
        return str(SERVERS / str(versions[0]) / "bin" / name)

    def _make_cluster(self, log: Path) -> None:
        # Made aside and renamed, so that an interrupted initdb is not taken for a cluster.
        unfinished = self.places.var / "postgresql.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._give(unfinished)
        # Trust is safe here: the socket's directory lets nobody else in, and there is no other way in.
        options = ["--username=portal", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        self._call([self.tool("initdb"), f"--pgdata={unfinished}", *options], log=log)
        with (unfinished / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude 'portal.conf'\n")
        unfinished.rename(self.places.data)

    def _start_postgres(self) -> None:
        log = self.places.logs / "postgresql.log"
        if not (self.places.data / "PG_VERSION").exists():
            self._make_cluster(log)
        buffers = max(64, min(1024, _memory_mb() // 8))
        (self.places.data / "portal.conf").write_text(
            "# Written at each start.\n"
            "listen_addresses = ''\n"
            "port = 5432\n"
            f"unix_socket_directories = '{self.places.run}'\n"
            "unix_socket_permissions = 0700\n"
            f"shared_buffers = {buffers}MB\n"
            "work_mem = 16MB\n"
            "maintenance_work_mem = 128MB\n"
            "random_page_cost = 1.1\n"
            "max_wal_size = 2GB\n"
            "jit = off\n"
            "timezone = 'Asia/Shanghai'\n"
            "log_timezone = 'Asia/Shanghai'\n"
        )
        server_log = self.places.data / "server.log"
        start = ["start", "-D", str(self.places.data), "-l", str(server_log), "-w", "-s", "-t", "60"]
        try:
            self._call([self.tool("pg_ctl"), *start], log=log)
        except say.Stop as failure:
            end = "\n".join(server_log.read_text(errors="replace").splitlines()[-10:]) if server_log.exists() else ""
            raise say.Stop(f"{failure}\n{end}") from None

    def _stop_postgres(self) -> None:
        stop = ["stop", "-D", str(self.places.data), "-m", "fast", "-w", "-s", "-t", "60"]
        self._call([self.tool("pg_ctl"), *stop], log=self.places.logs / "postgresql.log")

    # --- Redis -------------------------------------------------------------------------------------------------------

    @property
    def redis_socket(self) -> Path:
        """Name the socket Redis listens on."""
        return self.places.run / "redis.sock"

    def _start_redis(self) -> None:
        # What is queued is only a nudge (the outbox is in PostgreSQL), so nothing is written to disk.
        options = {
            "port": "0",
            "unixsocket": str(self.redis_socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "daemonize": "yes",
            "dir": str(self.places.run),
            "pidfile": str(self.places.run / "redis.pid"),
            "logfile": str(self.places.run / "redis.log"),
        }
        command = [shutil.which("redis-server") or "redis-server"]
        for name, value in options.items():
            command += [f"--{name}", value]
        self._call(command, log=self.places.logs / "redis.log")
        self._await(self.redis_socket, up=True)

    def _stop_redis(self) -> None:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(str(self.redis_socket))
            client.sendall(b"SHUTDOWN NOSAVE\r\n")
            client.recv(64)
        self._await(self.redis_socket, up=False)

    def _await(self, path: Path, *, up: bool) -> None:
        for _ in range(200):
            if answers(path) == up:
                return
            time.sleep(0.05)
        raise say.Stop(f"Redis did not {'start' if up else 'stop'} within 10 s; see {self.places.run / 'redis.log'}.")

    # --- both --------------------------------------------------------------------------------------------------------

    @property
    def _change(self) -> Path:
        return self.places.var / "services.lock"

    @property
    def _users(self) -> Path:
        return self.places.var / "services.users"

    @property
    def _keep(self) -> Path:
        return self.places.var / "services.keep"

    def running(self) -> dict[str, bool]:
        """Return which of the two answer."""
        return {"PostgreSQL": answers(self.postgres_socket), "Redis": answers(self.redis_socket)}

    def _start(self) -> None:
        self._give(self.places.run)
        up = self.running()
        if not up["PostgreSQL"]:
            with say.step("Starting the private PostgreSQL"):
                self._start_postgres()
        if not up["Redis"]:
            with say.step("Starting the private Redis"):
                self._start_redis()
        text = (
            "# Written by bin/services: where the private servers are.\n"
            f"PGHOST={self.places.run}\nPGPORT=5432\nPGUSER=portal\n"
            f"PORTAL_REDIS_URL=unix://{self.redis_socket}\nPORTAL_FILES={self.places.var / 'files'}\n"
        )
        for file in self.places.notes:
            if file.parent.is_dir() and os.access(file.parent, os.W_OK):
                file.write_text(text)

    def _stop(self) -> None:
        up = self.running()
        if up["Redis"]:
            self._stop_redis()
        if up["PostgreSQL"]:
            self._stop_postgres()
        for file in self.places.notes:
            file.unlink(missing_ok=True)

    def start(self) -> None:
        """Start both and leave them running until `stop`."""
        with signals.undisturbed(), locks.alone(self._change):
            self._start()
            self._keep.touch()

    def stop(self) -> None:
        """Stop both.

        :raises Stop: somebody is using them
        """
        with signals.undisturbed(), locks.alone(self._change):
            self._keep.unlink(missing_ok=True)
            if not self._leave():
                raise say.Stop("The services are in use (a running portal or command); the last user will stop them.")

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have both running inside the block; stop them afterwards if nobody else needs them."""
        user = locks.share(self._users)
        try:
            with signals.undisturbed(), locks.alone(self._change):
                self._start()
            yield
        finally:
            user.close()
            with signals.undisturbed(), locks.alone(self._change):
                if not self._keep.exists():
                    self._leave()

    def _leave(self) -> bool:
        """Stop both unless somebody uses them; tell whether they are stopped."""
        last = locks.try_alone(self._users)
        if last is None:
            return False
        with last:
            self._stop()
        return True
