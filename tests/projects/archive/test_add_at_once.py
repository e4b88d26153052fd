"""Two people file at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.cast import as_actor
from tests.factories.projects import a_document, a_project


@pytest.mark.django_db(transaction=True)
def test_every_content_gets_a_version_of_its_own(applicant, enterprise, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)

    def work(number):
        try:
            return a_document(project=project, actor=actor, at=at, note=str(number)).version
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as threads:
        versions = list(threads.map(work, range(6)))

    assert sorted(versions) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_one_content_filed_twice_at_once_is_one_version(applicant, enterprise, at):
    actor = as_actor(applicant)
    project = a_project(owner=enterprise, actor=actor, at=at)

    def work(_number):
        try:
            return a_document(project=project, actor=actor, at=at).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as threads:
        assert len(set(threads.map(work, range(4)))) == 1
