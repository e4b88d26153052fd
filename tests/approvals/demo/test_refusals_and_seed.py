"""The same seed tells the same stories, and where there is no demo nothing is told."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from approvals.demo import operations as demo
from portal.accounts.operations import NoDemo
from portal.core import clock
from projects.registry.models import Project
from tests.approvals.demo.conftest import NOW, picture


@pytest.mark.django_db
def test_the_same_seed_tells_the_same(pack):
    pictures = []
    for seed in (3, 3, 4):
        with transaction.atomic(), clock.frozen(NOW):
            demo.write_city(projects=1, seed=seed, at=NOW, tell=lambda *_done: None)
            pictures.append(picture())
            transaction.set_rollback(True)
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


@pytest.mark.django_db
def test_refuses_outside_the_demo(pack, settings):
    settings.DEMO = False
    with pytest.raises(NoDemo):
        demo.write_city(projects=1, seed=1, at=NOW, tell=lambda *_done: None)
    with pytest.raises(CommandError):
        call_command("demo_city", "--projects", "1", "--no-ground")
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_the_command_says_how_far_it_is(pack, capsys):
    with clock.frozen(NOW):
        call_command("demo_city", "--projects", "1", "--no-ground")
    assert capsys.readouterr().out == "已写入 1/1 个项目\n"
    assert Project.objects.count() == 1
