"""docker-compose.yml: every container is checked, unprivileged, and gets its secrets as files."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from launcher.places import ROOT

TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def test_the_services_of_a_server() -> None:
    assert {"web", "worker", "beat", "postgis", "redis", "nginx"} <= set(SERVICES)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"prepare"}))
def test_every_running_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_container_runs_as_root(name: str) -> None:
    service = SERVICES[name]
    user = str(service.get("user", ""))
    assert user not in {"", "0", "root"} or "unprivileged" in service["image"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


def test_secrets_are_files_and_never_values() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"KEY|PASSWORD|SECRET", name):
                assert name.endswith("_FILE"), name
                assert str(value).startswith("/run/secrets/")
                assert str(value).rsplit("/", 1)[1] in service["secrets"]
    assert all("file" in secret for secret in COMPOSE["secrets"].values())
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "secrets" in (ROOT / ".dockerignore").read_text().splitlines()


def test_what_must_outlive_a_container_is_in_a_volume() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= used


def test_every_variable_is_explained_in_the_example() -> None:
    for name in set(re.findall(r"\$\{(PORTAL_[A-Z_]+)", TEXT)) - {"PORTAL_VERSION"}:
        assert re.search(rf"^#?{name}=", EXAMPLE, re.MULTILINE), name


def test_every_container_word_is_known_to_the_entry_point() -> None:
    words = {name: service["command"][0] for name, service in SERVICES.items() if "build" in service}
    entry = (ROOT / "docker/entrypoint").read_text()
    assert words == {name: name for name in words}
    for word in words.values():
        assert f"    {word})" in entry


def test_a_worker_listens_to_every_queue() -> None:
    # Without --queues a Celery worker takes all that are declared.
    assert settings.CELERY_TASK_QUEUES
    for launch in (ROOT / "docker/entrypoint", ROOT / "bin/lib/launcher/portal.py"):
        assert "-Q" not in launch.read_text()
        assert "--queues" not in launch.read_text()


def test_the_example_shows_no_usable_secret() -> None:
    assert not re.search(r"^[A-Z_]*(KEY|PASSWORD|SECRET)[A-Z_]*=.+", EXAMPLE, re.MULTILINE)


def test_scripts_can_be_run() -> None:
    scripts = [*(ROOT / "bin").iterdir(), ROOT / ".ci/run", ROOT / "docker/entrypoint", ROOT / "manage.py"]
    for script in scripts:
        assert script.is_dir() or script.stat().st_mode & 0o111, script
        assert script.is_dir() or Path(script).read_text().startswith("#!")
