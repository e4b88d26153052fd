"""Progress by code: anyone may look, nobody learns about persons, a wrong link is told apart from a forged one."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from projects.registry import qr


@pytest.mark.django_db
def test_shows_anyone_where_a_project_stands_without_persons(client, project, applicant):
    answer = client.get(reverse("tracking:progress_of", args=[project.code]))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert project.name in page
    assert applicant.name not in page
    assert project.owner.legal_person not in page


@pytest.mark.django_db
def test_the_link_of_the_qr_is_recognised_as_genuine(client, project):
    link = urlsplit(qr.link(project.code))

    answer = client.get(link.path, {key: value[0] for key, value in parse_qs(link.query).items()})

    assert "二维码核验通过" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "says"), [({"k": "?"}, "代码有误"), ({"s": "0" * 16}, "不是本系统出的")])
def test_tells_a_mistyped_link_from_a_forged_one(client, project, query, says):
    answer = client.get(reverse("tracking:progress_of", args=[project.code]), query)

    assert answer.status_code == 404
    assert says in answer.content.decode()


@pytest.mark.django_db
def test_looks_up_what_was_typed_in_any_width(client, project):
    answer = client.get(reverse("tracking:progress"), {"code": f" {project.code.lower()} "})

    assert answer.url == reverse("tracking:progress_of", args=[project.code])


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["2601-449902-04-01-999999", "2613-449902-04-01-314155", "abc", "<script>"])
def test_says_what_is_wrong_with_a_code_it_cannot_find(client, pack, typed):
    answer = client.get(reverse("tracking:progress"), {"code": typed})

    page = answer.content.decode()
    assert answer.status_code == 404
    assert 'id="code-error"' in page
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.django_db
def test_gives_the_qr_as_a_picture(client, project):
    answer = client.get(reverse("tracking:qr", args=[project.code]))

    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


@pytest.mark.django_db
def test_the_list_of_decisions_is_public_and_empty_at_first(client, pack):
    assert "还没有公示的决定" in client.get(reverse("tracking:published")).content.decode()
