"""The private PostgreSQL and Redis: up when used, gone when the last user has left."""

import subprocess
from pathlib import Path

import pytest

from launcher import database, places, say
from launcher.database import Database
from launcher.places import Places
from launcher.services import Services


def test_they_run_while_used_and_not_afterwards(private: Services) -> None:
    with private.used():
        assert private.running() == {"PostgreSQL": True, "Redis": True}
        assert (private.places.var / "services.env").exists()
    assert private.running() == {"PostgreSQL": False, "Redis": False}
    assert not (private.places.var / "services.env").exists()


def test_the_last_user_stops_them_whoever_started(private: Services) -> None:
    first, second = private.used(), Services(private.places).used()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert all(private.running().values())
    second.__exit__(None, None, None)
    assert not any(private.running().values())


def test_what_was_started_to_stay_stays(private: Services) -> None:
    private.start()
    with private.used():
        pass
    assert all(private.running().values())


def test_stopping_what_is_in_use_is_refused_and_the_user_stops_it_later(private: Services) -> None:
    private.start()
    with private.used(), pytest.raises(say.Stop, match="in use"):
        Services(private.places).stop()
    assert not any(private.running().values())


def test_nobody_else_may_enter_the_sockets_folder_and_no_port_is_open(private: Services) -> None:
    with private.used():
        assert private.places.run.stat().st_mode & 0o077 == 0
        env = places.environment(private.places)
        data = Database(services=private, env=env, name="unused")
        assert data._sql("SHOW listen_addresses") == ""
        assert data._sql("SHOW unix_socket_directories") == str(private.places.run)


def test_a_cluster_of_a_version_that_is_gone_is_named(var: Path) -> None:
    services = Services(Places(asked=var, var=var))
    services.places.data.mkdir(parents=True)
    (services.places.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(say.Stop, match="PostgreSQL 9"):
        services.tool("psql")


def test_a_failing_server_shows_the_end_of_its_log(private: Services, tmp_path: Path) -> None:
    with pytest.raises(say.Stop, match="ls failed"):
        private._call(["ls", "/no/such/place"], log=tmp_path / "log")


class TestDatabases:
    """Databases of the private cluster."""

    def test_a_database_is_made_once_with_postgis_and_remembers_what_was_done(self, private: Services) -> None:
        with private.used():
            data = Database(services=private, env=places.environment(private.places), name="first")
            assert not data.exists()
            data.create()
            data.create()
            assert data.exists()
            assert data._sql("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'", database="first") == "1"
            assert data.marks() == {}
            data.mark("schema", "it's")
            data.mark("pack", "b")
            assert data.marks() == {"schema": "it's", "pack": "b"}

    @pytest.mark.parametrize("name", ["Portal", "a-b", "1a", "a b", "postgres", "template1", "x" * 64, 'a"; DROP'])
    def test_an_odd_name_is_refused(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PORTAL_DATABASE", name)
        with pytest.raises(say.Stop, match="PORTAL_DATABASE"):
            database.chosen()

    def test_the_default_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PORTAL_DATABASE", raising=False)
        assert database.chosen() == "portal"

    def test_a_fingerprint_knows_content_and_name(self, tmp_path: Path) -> None:
        def mark() -> str:
            return database.fingerprint("**/*.py", root=tmp_path)

        seen = {mark()}
        (tmp_path / "a.py").write_text("1")
        seen.add(mark())
        (tmp_path / "a.py").write_text("2")
        seen.add(mark())
        (tmp_path / "a.py").rename(tmp_path / "b.py")
        seen.add(mark())
        assert len(seen) == 4
        (tmp_path / "b.txt").write_text("not asked for")
        assert mark() in seen


def test_the_script_tells_the_state(private: Services) -> None:
    def status() -> subprocess.CompletedProcess[str]:
        env = {**places.environment(private.places), "PORTAL_VAR": str(private.places.var)}
        return subprocess.run(
            [places.ROOT / "bin/services", "status"], env=env, capture_output=True, text=True, check=False
        )

    assert status().returncode == 3
    with private.used():
        up = status()
    assert up.returncode == 0
    assert up.stdout == "PostgreSQL: running\nRedis: running\n"
