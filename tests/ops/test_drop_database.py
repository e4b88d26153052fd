"""drop_database is for demo and test databases that were asked for by name."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings


def test_it_refuses_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_DATABASE", raising=False)
    with pytest.raises(CommandError, match="PORTAL_DATABASE"):
        call_command("drop_database")


def test_it_refuses_where_there_is_no_demo(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("PORTAL_DATABASE", "elsewhere")
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo"):
        call_command("drop_database")
