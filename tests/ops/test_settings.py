"""Settings: typed values, secrets from files, and a production that refuses to start half-locked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from launcher.places import ROOT
from portal.settings import env

GOOD = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "PORTAL_SECRET_KEY": "Qw7-zE9_" * 7,
    "PORTAL_QR_KEY": "Lm4-rT2_" * 7,
    "PORTAL_HOSTS": "portal.example.gov.cn",
    "PATH": os.environ["PATH"],
}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings as a server would."""
    values = {**GOOD, **changes}
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.DEBUG, settings.DEMO)"],
        cwd=ROOT,
        env={name: value for name, value in values.items() if value != "-"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_real_secrets_and_is_neither_debug_nor_demo() -> None:
    done = start()
    assert (done.returncode, done.stdout) == (0, "False False\n"), done.stderr


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"PORTAL_SECRET_KEY": "-"}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "insecure-demo-key" + "x" * 60}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "a" * 60}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_QR_KEY": "-"}, "PORTAL_QR_KEY"),
        ({"PORTAL_QR_KEY": GOOD["PORTAL_SECRET_KEY"]}, "must differ"),
        ({"PORTAL_DEBUG": "1"}, "PORTAL_DEBUG"),
        ({"PORTAL_DEMO": "yes"}, "PORTAL_DEMO"),
        ({"PORTAL_HOSTS": "-"}, "PORTAL_HOSTS"),
        ({"PORTAL_HOSTS": "*"}, "PORTAL_HOSTS"),
    ],
)
def test_production_refuses(changes: dict[str, str], named: str) -> None:
    done = start(**changes)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert named in done.stderr.splitlines()[-1]


def test_production_passes_djangos_own_deployment_checks() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=GOOD,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(GOOD["PORTAL_SECRET_KEY"] + "\n")
    done = start(PORTAL_SECRET_KEY="-", PORTAL_SECRET_KEY_FILE=str(secret))
    assert done.returncode == 0, done.stderr
    missing = start(PORTAL_SECRET_KEY="-", PORTAL_SECRET_KEY_FILE=str(tmp_path / "none"))
    assert "PORTAL_SECRET_KEY_FILE" in missing.stderr


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False)])
def test_flags(value: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_FLAG", value)
    assert env.flag("SOME_FLAG", not meant) is meant


def test_values_of_a_wrong_type_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_VALUE", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="SOME_VALUE"):
        env.flag("SOME_VALUE", False)
    with pytest.raises(ImproperlyConfigured, match="SOME_VALUE"):
        env.number("SOME_VALUE", 1)


def test_a_list_forgives_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_LIST", " a, b ,,c ")
    assert env.listing("SOME_LIST") == ["a", "b", "c"]


def test_notes_of_the_services_are_defaults_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    notes = tmp_path / "services.env"
    notes.write_text("# a comment\nSOME_HOST=/run/one\nSOME_PORT=5432\n")
    monkeypatch.setenv("SOME_HOST", "mine")
    monkeypatch.setenv("SOME_PORT", "before the test")
    monkeypatch.delenv("SOME_PORT")
    env.load_notes(notes)
    assert (os.environ["SOME_HOST"], os.environ["SOME_PORT"]) == ("mine", "5432")
