"""Who reads a document: the policy, the queryset and the address say the same."""

import pytest
from django.urls import reverse

from portal.core import clock, files
from portal.core.actor import Actor
from portal.core.errors import NotFound
from projects.archive import operations as archive
from projects.archive import policies, queries
from projects.archive.models import Document, DocumentGrant
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories.projects import PDF, a_document, a_project

EVERYONE = (
    "applicant", "other_applicant", "agent", "other_agent", "clerk", "planning_handler", "planning_lead",
    "fire_reviewer", "leader", "supervisor", "city_admin", "system_admin", "security_admin", "audit_admin", "outsider",
)  # fmt: skip
READERS = {"applicant", "agent", "clerk", "planning_handler", "planning_lead", "leader", "supervisor"}


@pytest.fixture
def shared(document, project, agent, owner_actor, at):
    """The document, granted to the planning department, of a project that housing may see as well."""
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)
    for department in ("zrzy", "zj"):
        registry.grant_access(project_id=project.pk, department_id=department, reason="办件", at=at)
    archive.grant(document_id=document.pk, department_id="zrzy", reason="办件", at=at)
    return document


@pytest.mark.parametrize("who", EVERYONE)
def test_policy_queryset_and_address_agree(request, who, shared, other_applicant, other_enterprise, client, at):
    person = request.getfixturevalue(who)
    foreign = a_project(owner=other_enterprise, actor=as_actor(other_applicant), at=at)
    other = a_document(project=foreign, actor=as_actor(other_applicant), at=at)
    actor = as_actor(person)
    client.force_login(person)

    listed = set(Document.objects.visible_to(actor))

    assert listed == {found for found in (shared, other) if policies.can_read(actor, found)}
    assert (shared in listed) == (who in READERS)
    for found in (shared, other):
        status = client.get(reverse("archive:document", args=[found.pk])).status_code
        assert status == (200 if found in listed else 404)
        digest = client.get(reverse("archive:digest", args=[found.pk])).status_code
        assert digest == status


def test_an_outsider_cannot_tell_a_foreign_document_from_none(shared, other_applicant):
    actor = as_actor(other_applicant)

    for document_id in (shared.pk, 0):
        with pytest.raises(NotFound):
            queries.document(document_id, actor=actor)


def test_a_visitor_is_sent_to_the_login(shared, client):
    for name, key in (("document", shared.pk), ("digest", shared.pk), ("project", shared.project.code)):
        response = client.get(reverse(f"archive:{name}", args=[key]))
        assert response.status_code == 302
        assert reverse("accounts:login") in response["Location"]
    assert not policies.can_read(Actor.anonymous(), shared)
    assert not Document.objects.visible_to(Actor.anonymous()).exists()


def test_sends_the_file_inside_the_page_or_as_an_attachment(shared, applicant, client):
    client.force_login(applicant)
    address = reverse("archive:document", args=[shared.pk])

    shown, saved = client.get(address), client.get(address, {"download": "1"})

    assert b"".join(shown.streaming_content).startswith(PDF)
    assert shown["Content-Type"] == "application/pdf"
    assert "attachment" not in shown["Content-Disposition"]
    assert saved["Content-Disposition"].startswith("attachment")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in shown["Cache-Control"]
    assert client.post(address).status_code == 405


def test_the_tree_lists_what_the_reader_may_open(shared, add, planning_handler, fire_reviewer, applicant, client):
    add(note="改过")
    add(material="m_fund", title="资金证明", note="资金")
    address = reverse("archive:project", args=[shared.project.code])

    pages = {}
    for person in (applicant, planning_handler, fire_reviewer):
        client.force_login(person)
        pages[person.username] = client.get(address).content.decode()

    assert "资金来源证明" in pages["applicant-a"]
    assert "第 2 版" in pages["applicant-a"]
    assert "授权委托书" in pages["planning-handler"]
    assert "资金来源证明" not in pages["planning-handler"]
    assert "授权委托书" not in pages["fire-reviewer"]
    assert "还没有材料" in pages["fire-reviewer"]


def test_the_tree_of_a_foreign_project_does_not_exist(shared, other_applicant, outsider, client):
    for person in (other_applicant, outsider):
        client.force_login(person)
        assert client.get(reverse("archive:project", args=[shared.project.code])).status_code == 404


def test_the_tree_sorts_by_stage_and_takes_a_fixed_number_of_queries(
    add, project, owner_actor, at, django_assert_num_queries
):
    blob = files.store_bytes(PDF, file_format="pdf", at=at)
    archive.add_document(
        project_id=project.pk, material="r_s2_02", title="建设工程规划许可证", source="prior_result", blob=blob,
        produced_by="S2-02", actor=Actor.system("x"), at=at,
    )  # fmt: skip
    for number in range(4):
        add(note=str(number))

    with django_assert_num_queries(1):
        branches = queries.tree(project, actor=owner_actor)

    assert [branch.id for branch in branches][-1] == "S2"
    line = next(line for branch in branches for line in branch.lines if line.newest.material == "m_auth")
    assert [found.version for found in (line.newest, *line.older)] == [4, 3, 2, 1]


def test_says_whether_a_file_still_is_what_was_filed(shared, applicant, client):
    client.force_login(applicant)
    address = reverse("archive:digest", args=[shared.pk])
    path = files.path_of(shared.blob_id)

    assert "内容未变" in client.get(address, headers={"HX-Request": "true"}).content.decode()
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.4 forged")
    assert "内容已变" in client.get(address).content.decode()
    path.unlink()
    assert queries.digest_of(shared) == queries.Digest.LOST
    assert "文件丢失" in client.get(address).content.decode()


def test_a_grant_is_given_once(document, at):
    for reason in ("办件", "征询"):
        archive.grant(document_id=document.pk, department_id="zj", reason=reason, at=at)

    assert DocumentGrant.objects.get().reason == "办件"
    with pytest.raises(NotFound):
        archive.grant(document_id=0, department_id="zj", reason="x", at=at)
    assert clock.day_of(DocumentGrant.objects.get().granted_at) == at.date()
