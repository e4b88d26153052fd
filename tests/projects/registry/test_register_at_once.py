"""Many register at once: every project gets its own code, and one code goes to one project."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal.core import audit
from projects.registry import operations as registry
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories.projects import a_project

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "2601-449902-04-01-314155"


def at_once(work, count, *, workers=10):
    """Run `work(number)` from several threads, each with a connection of its own."""

    def run(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=workers) as threads:
        return list(threads.map(run, range(count)))


def test_fifty_registrations_from_ten_threads_get_fifty_codes(applicant, enterprise, at):
    actor = as_actor(applicant)

    found = at_once(lambda number: a_project(owner=enterprise, actor=actor, at=at, name=f"项目 {number}").code, 50)

    assert len(set(found)) == 50
    assert sorted(code[-6:] for code in found) == [f"{serial:05d}L" for serial in range(1, 51)]
    assert all(audit.verify(code) is None for code in found[:5])


def test_one_code_given_by_two_at_once_goes_to_one(applicant, enterprise, at):
    actor = as_actor(applicant)

    def work(_number):
        try:
            return a_project(owner=enterprise, actor=actor, at=at, code=CODE).pk
        except registry.CodeTaken:
            return None

    found = at_once(work, 4, workers=4)

    assert sum(pk is not None for pk in found) == 1
    assert Project.objects.filter(code=CODE).count() == 1


def test_one_unit_path_however_many_ask_for_it(applicant, enterprise, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)

    found = at_once(
        lambda _number: registry.ensure_unit(project_id=project.pk, level=3, actor=actor, at=at).code, 8, workers=8
    )

    assert set(found) == {f"{project.code}-010101"}
    assert project.units.count() == 3


def test_engineering_codes_issued_at_once_differ(applicant, enterprise, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)

    found = at_once(lambda _number: registry.issue_unit(project_id=project.pk, level=1, actor=actor, at=at).code, 12)

    assert sorted(found) == [f"{project.code}-{pair:02d}" for pair in range(1, 13)]
