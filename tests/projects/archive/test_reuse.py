"""Which documents may fill a slot."""

import dataclasses
from datetime import date, timedelta

import pytest

from portal.core import files
from portal.core.actor import Actor
from projects.archive import operations as archive
from projects.archive import queries
from projects.archive.reuse import Paper, usable
from projects.catalogue import queries as catalogue_queries
from projects.registry import operations as registry
from tests.factories.projects import PDF

TODAY = date(2026, 4, 14)
PAPER = Paper(
    id=1, material="m_auth", source="applicant", version=1, unit_id=None, valid_until=None, is_withdrawn=False
)


@pytest.fixture
def catalogue(pack):
    return catalogue_queries.catalogue(pack.pk)


@pytest.fixture
def fits(catalogue):
    def run(*papers, material="m_auth", units=()):
        return [paper.id for paper in usable(catalogue.materials[material], papers, on=TODAY, units=units)]

    return run


def paper(**changes):
    return dataclasses.replace(PAPER, **changes)


def test_the_newest_standing_version_fits(fits):
    assert fits(paper(), paper(id=2, version=2)) == [2]
    assert fits(paper(), paper(id=2, version=2, is_withdrawn=True)) == [1]


def test_a_term_counts_to_its_last_day_and_an_older_version_does_not_come_back(fits):
    assert fits(paper(valid_until=TODAY)) == [1]
    assert fits(paper(valid_until=TODAY - timedelta(days=1))) == []
    assert fits(paper(), paper(id=2, version=2, valid_until=TODAY - timedelta(days=1))) == []


def test_only_papers_of_the_material_and_only_reusable_ones(fits, catalogue):
    assert fits(paper(material="m_fund")) == []
    assert not catalogue.materials["m_commit"].reusable
    assert fits(paper(material="m_commit"), material="m_commit") == []


def test_papers_of_the_unit_and_its_ancestors_fit_the_nearest_first(fits):
    papers = (paper(), paper(id=2, unit_id=7), paper(id=3, unit_id=8))

    assert fits(*papers) == [1]
    assert fits(*papers, units=(7,)) == [2, 1]


def test_a_result_stands_before_an_uploaded_copy_of_it(fits):
    result = paper(id=1, material="r_s1_07", source="prior_result")
    copy = paper(id=2, material="r_s1_07", version=2)

    assert fits(result, copy, material="r_s1_07") == [1, 2]


def test_reads_the_documents_of_a_project_in_one_query(add, project, catalogue, django_assert_num_queries):
    add()
    newest = add(note="改过")
    wanted = [catalogue.materials[material] for material in ("m_auth", "m_fund", "m_commit")]

    with django_assert_num_queries(1):
        found = queries.reusable(project.pk, wanted, on=TODAY)

    assert found == {"m_auth": [newest], "m_fund": [], "m_commit": []}


def test_gives_the_nearest_standing_result_of_each_item(project, owner_actor, at):
    first = registry.issue_unit(project_id=project.pk, level=1, actor=owner_actor, at=at)
    second = registry.issue_unit(project_id=project.pk, level=1, actor=owner_actor, at=at)

    def result(item, unit, note):
        return archive.add_document(
            project_id=project.pk, material="r_s1_07", title="许可证", source="prior_result", produced_by=item,
            blob=files.store_bytes(PDF + note.encode(), file_format="pdf", at=at), unit_id=unit and unit.pk,
            actor=Actor.system("x"), at=at,
        )  # fmt: skip

    whole, own, foreign = result("S1-07", None, "a"), result("S1-07", first, "b"), result("S1-07", second, "c")

    assert queries.results(project.pk, units=(first.pk,)) == {"S1-07": own}
    assert queries.results(project.pk, units=(0,)) == {"S1-07": whole}
    archive.withdraw(document_id=own.pk, reason="撤销", actor=Actor.system("x"), at=at)
    assert queries.results(project.pk, units=(first.pk,)) == {"S1-07": whole}
    assert queries.results(project.pk) == {"S1-07": foreign}
