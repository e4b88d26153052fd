"""bin/manage: the command's own words, its own status, and nothing left running."""

import os
import signal
import subprocess
import time
from pathlib import Path

import django
import pytest

from launcher import commands, packages, places, say, services
from launcher.packages import Need
from launcher.services import Services


def manage(*args: str, var: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "PORTAL_", "DJANGO_"))}
    return subprocess.run(
        [places.ROOT / "bin/manage", *args],
        env={**clean, "PORTAL_VAR": str(var), **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_standard_output_is_the_commands_own(var: Path) -> None:
    done = manage("version", var=var)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{django.get_version()}\n"


def test_a_command_that_needs_no_server_starts_none(var: Path) -> None:
    manage("version", var=var)
    assert not (var / "postgresql").exists()


def test_alone_it_makes_the_database_asked_for_and_stops_what_it_started(private: Services) -> None:
    var = private.places.var
    query = "SELECT current_database()"
    done = manage("dbshell", "--", "-Atc", query, var=var, PORTAL_DATABASE="elsewhere")
    assert (done.returncode, done.stdout) == (0, "elsewhere\n"), done.stderr
    assert not any(private.running().values())


def test_beside_a_user_it_leaves_the_services_alone(private: Services) -> None:
    with private.used():
        done = manage("dbshell", "--", "-Atc", "SELECT 1", var=private.places.var)
        assert done.stdout == "1\n"
        assert all(private.running().values())


def test_drop_database_refuses_without_a_name_and_drops_with_one(private: Services) -> None:
    with private.used():
        var = private.places.var
        refused = manage("drop_database", var=var)
        assert refused.returncode != 0
        assert "PORTAL_DATABASE" in refused.stderr
        manage("dbshell", "--", "-c", "SELECT 1", var=var, PORTAL_DATABASE="brief")
        dropped = manage("drop_database", var=var, PORTAL_DATABASE="brief")
        assert dropped.returncode == 0, dropped.stderr
        assert dropped.stdout == ""
        listed = manage("dbshell", "--", "-Atc", "SELECT datname FROM pg_database ORDER BY 1", var=var)
        assert "brief" not in listed.stdout.split()
        assert "portal" in listed.stdout.split()
        again = manage("drop_database", var=var, PORTAL_DATABASE="brief")
        assert again.returncode == 0
        assert "no database brief" in again.stderr


def test_a_status_is_passed_on(var: Path) -> None:
    assert manage("no_such_command", "--help", var=var).returncode == 1


@pytest.mark.parametrize(
    ("args", "offline"),
    [
        ([], True),
        (["explain_clock", "case.json"], True),
        (["check_code", "--link", "X"], True),
        (["migrate", "--help"], True),
        (["migrate"], False),
        (["demo_logins", "--json"], False),
    ],
)
def test_which_commands_need_servers(args: list[str], offline: bool) -> None:
    assert commands.offline(args) is offline


def test_a_signal_reaches_the_command_and_its_end_is_reported(var: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(places.ROOT / 'bin/lib')!r}); import os; from launcher import commands; "
        "sys.exit(commands.run(['sleep', '60'], dict(os.environ)))"
    )
    process = subprocess.Popen(["python3", "-c", script], stdin=subprocess.DEVNULL)
    time.sleep(0.7)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 128 + signal.SIGTERM


class TestPackages:
    """System packages."""

    LACKING = (Need("a fine thing", ("fine-thing", "fine-data"), lambda: False),)

    def test_without_the_right_to_install_one_message_names_what_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(packages, "_privilege", lambda: None)
        with pytest.raises(say.Stop) as stop:
            packages.ensure(self.LACKING)
        assert "a fine thing" in str(stop.value)
        assert "apt-get install fine-thing fine-data" in str(stop.value)

    def test_nothing_is_installed_when_nothing_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object) -> bool:
            raise AssertionError("apt-get was called")

        monkeypatch.setattr(packages, "_apt", never)
        packages.ensure((Need("here", ("here",), lambda: True),))

    def test_a_server_counts_only_with_postgis(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for version in ("14", "15", "16"):
            (tmp_path / "lib" / version / "bin").mkdir(parents=True)
            (tmp_path / "lib" / version / "bin/initdb").touch()
        for version in ("14", "15"):
            (tmp_path / "share" / version / "extension").mkdir(parents=True)
            (tmp_path / "share" / version / "extension/postgis.control").touch()
        monkeypatch.setattr(services, "SERVERS", tmp_path / "lib")
        monkeypatch.setattr(services, "EXTENSIONS", tmp_path / "share")
        assert services.server_versions() == [15, 14]
