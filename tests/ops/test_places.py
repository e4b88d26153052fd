"""Where run-time data goes, and when it has to go elsewhere."""

import os
from pathlib import Path

import pytest

from launcher import places, say

LONG = "/srv/" + "a" * 60 + "/" + "b" * 60


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", ["with blank", "it's", "a,b", "百分百", "a%20b"])
def test_a_path_that_servers_read_in_different_ways_is_refused(name: str) -> None:
    assert "characters" in (places.objection(Path("/srv") / name / "var", as_root=False) or "")


def test_a_path_too_long_for_a_socket_is_refused() -> None:
    assert "too long" in (places.objection(Path(LONG), as_root=False) or "")


def test_the_longest_possible_path_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    room = places.SOCKET_BYTES - len(f"/tmp//{places.SOCKET_NAME}")
    assert places.objection(Path("/tmp") / ("a" * room), as_root=False) is None
    assert places.objection(Path("/tmp") / ("a" * (room + 1)), as_root=False) is not None


def test_root_needs_every_parent_open_for_the_services_account(tmp_path_factory: pytest.TempPathFactory) -> None:
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    assert "may not enter" in (places.objection(closed / "var", as_root=True) or "")


def test_a_stand_in_is_the_same_for_the_same_path_only() -> None:
    one, again, other = (
        places.shelter(Path(path), uid=7, temp=Path("/tmp")) for path in ("/srv/one", "/srv/one", "/srv/two")
    )
    assert one == again != other
    assert one.parent == Path("/tmp")
    assert places.objection(one, as_root=False) is None


def test_a_moved_var_is_said_aloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], open_folder: Path
) -> None:
    asked = open_folder / ("long" * 30)
    monkeypatch.setenv("PORTAL_VAR", str(asked))
    where = places.find()
    try:
        assert where.asked == asked
        assert where.var != asked
        assert where.var.stat().st_uid == os.getuid()
        said = capsys.readouterr()
        assert str(where.var) in said.err
        assert str(asked) in said.err
        assert said.out == ""
    finally:
        where.logs.rmdir()
        where.var.rmdir()


def test_a_stand_in_prepared_by_somebody_else_is_refused(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> None:
    asked = open_folder / ("trap" * 30)
    monkeypatch.setenv("PORTAL_VAR", str(asked))
    trap = places.shelter(asked, uid=os.getuid(), temp=Path("/tmp"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp")
    trap.symlink_to(open_folder)
    try:
        with pytest.raises(say.Stop, match="belongs to somebody else"):
            places.find()
    finally:
        trap.unlink()


def test_the_environment_points_at_the_private_servers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGPASSWORD", "theirs")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "other.settings")
    env = places.environment(places.Places(asked=Path("/srv/var"), var=Path("/srv/var")))
    assert env["PGHOST"] == "/srv/var/run"
    assert "PGPASSWORD" not in env
    assert env["DJANGO_SETTINGS_MODULE"] == "portal.settings.dev"
