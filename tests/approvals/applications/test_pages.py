"""The applicant's pages, through HTTP."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from approvals.applications import operations as applications
from approvals.applications import queries
from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from portal.accounts.models import Enterprise, User
from portal.core import clock
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import GOV_BUILDING, pdf
from tests.factories.review import a_running_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    return make.a_draft(owner=enterprise, actor=as_actor(applicant), at=at)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, application: Application, *more: int) -> str:
    return reverse(f"applications:{name}", args=[application.pk, *more])


def test_the_form_shows_sections_values_and_slots(draft: Application, applicant: User, enterprise: Enterprise) -> None:
    answer = signed_in(applicant).get(page("form", draft))

    assert answer.status_code == 200
    text = answer.content.decode()
    assert enterprise.name in text
    assert "项目公共信息" in text
    for slot in draft.slots.filter(is_required=True):
        assert slot.name in text
    assert 'style="' not in text


def test_autosave_keeps_one_field_and_says_when(draft: Application, applicant: User) -> None:
    client = signed_in(applicant)

    good = client.post(
        page("save", draft),
        {"field": "site_address", "site_address": "云岭三路 12 号"},
        headers={"X-Requested-With": "autosave"},
    )
    bad = client.post(
        page("save", draft),
        {"field": "contact_mobile", "contact_mobile": "13x"},
        headers={"X-Requested-With": "autosave"},
    )

    assert good.status_code == 200
    assert good.json()["fields"] == {}
    assert "contact_mobile" in bad.json()["fields"]
    text = client.get(page("form", draft)).content.decode()
    assert "云岭三路 12 号" in text
    assert "13x" in text  # what was typed is not lost


def test_a_section_can_be_saved_without_script(draft: Application, applicant: User) -> None:
    client = signed_in(applicant)

    answer = client.post(
        page("save", draft),
        {
            "section": "section-form_common",
            "plan_start": "2026-06-01",
            "site_lonlat_lon": "113.5",
            "site_lonlat_lat": "22.3",
        },
    )

    assert answer.status_code == 302
    state = queries.form_of(queries.find(draft.pk, actor=as_actor(applicant)))
    assert state.values["plan_start"] == "2026-06-01"
    assert state.values["site_lonlat"] == [113.5, 22.3]


def test_a_table_keeps_its_rows(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at, facts=GOV_BUILDING)
    draft = make.a_draft(owner=enterprise, actor=actor, at=at, project=project)
    field = next(field for field in queries.form_of(draft).spec.fields.values() if field.type == "table")
    columns = field.definition.columns
    row = make.answer_for(field)[0]

    signed_in(applicant).post(
        page("save", draft),
        {f"{field.id}-count": "2", **{f"{field.id}-0-{column.id}": row.get(column.id, "") for column in columns}},
    )

    saved = queries.form_of(queries.find(draft.pk, actor=actor)).values[field.id]
    assert saved == [row]


def test_a_refused_file_is_told_at_its_slot_and_nothing_is_lost(draft: Application, applicant: User) -> None:
    client = signed_in(applicant)
    slot = make.first_slot(draft)
    client.post(page("save", draft), {"field": "site_address", "site_address": "云岭三路 12 号"})

    answer = client.post(
        page("material_add", draft), {"slot": slot.pk, "file": SimpleUploadedFile("空.pdf", b"", "application/pdf")}
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "这个文件是空的" in text
    assert "云岭三路 12 号" in text
    assert not slot.files.exists()


def test_a_file_is_sent_back_only_to_who_may_see_it(
    draft: Application, applicant: User, other_applicant: User, clerk: User
) -> None:
    client = signed_in(applicant)
    slot = make.first_slot(draft)
    client.post(page("material_add", draft), {"slot": slot.pk, "file": pdf("图.pdf")})
    file = slot.files.get()

    mine = client.get(page("material", draft, file.pk))

    assert mine.status_code == 200
    assert b"".join(mine.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert signed_in(other_applicant).get(page("material", draft, file.pk)).status_code == 404
    assert signed_in(clerk).get(page("material", draft, file.pk)).status_code == 404  # not handed in yet


def test_check_tells_what_is_missing_with_links(draft: Application, applicant: User) -> None:
    answer = signed_in(applicant).get(page("check", draft), follow=True)

    text = answer.content.decode()
    missing = queries.missing(draft, today=clock.today())
    assert f"有 {len(missing)} 处要改" in text
    assert 'href="#contact_mobile-field"' in text


def test_the_form_with_what_is_missing_has_the_address_of_the_form(
    enterprise: Enterprise, applicant: User, draft: Application, at: datetime
) -> None:
    client, actor = signed_in(applicant), as_actor(applicant)
    make.fill_in(draft, actor=actor, at=at)
    form = client.get(page("check", draft)).headers["Location"]
    assert form == page("form", draft) + "?check"
    *others, last = queries.materials_of(draft, today=clock.day_of(at)).missing
    for slot in others:
        client.post(page("material_add", draft), {"slot": slot.slot.pk, "file": pdf(note=slot.slot.material)})

    answer = client.post(
        page("material_add", draft) + "?check",
        {"slot": last.slot.pk, "file": pdf("最后.pdf")},
        headers={"X-Requested-With": "upload"},
    )

    # the script loads the form again at the slot; the check page comes when it is asked for
    assert answer.json() == {"next": f"{form}#slot-{last.slot.pk}"}
    shown = client.get(form).content.decode()
    assert "已收下 最后.pdf" in shown
    assert "处要改" not in shown
    assert "我代表" not in shown
    assert "我代表" in client.get(page("check", draft)).content.decode()


def test_hands_in_after_the_commitment(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    client = signed_in(applicant)
    draft = make.a_complete_draft(owner=enterprise, actor=as_actor(applicant), at=at)

    assert "我代表" in client.get(page("check", draft)).content.decode()
    assert client.post(page("submit", draft)).status_code == 422
    answer = client.post(page("submit", draft), {"commitment": "yes"})

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.state == ApplicationState.SUBMITTED
    shown = client.get(page("application", draft)).content.decode()
    assert draft.number in shown
    assert "收件凭证" in shown


def test_a_second_click_on_submit_shows_what_the_first_has_done(
    enterprise: Enterprise, applicant: User, at: datetime
) -> None:
    client = signed_in(applicant)
    draft = make.a_complete_draft(owner=enterprise, actor=as_actor(applicant), at=at)
    for _click in range(2):
        answer = client.post(page("submit", draft), {"commitment": "yes"}, follow=True)

        assert answer.redirect_chain == [(page("application", draft), 302)]
    assert "这份申报已经提交或结束，现在是“待受理”" in answer.content.decode()
    assert draft.notices.count() == 1


def test_a_page_left_open_keeps_what_was_typed_before_the_eyes(
    enterprise: Enterprise, applicant: User, at: datetime
) -> None:
    application = make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)

    answer = signed_in(applicant).post(
        page("save", application), {"section": "section-form_common", "site_address": "<i>五路</i>", "contact": "李明"}
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "这份申报现在不能改" in text
    assert "&lt;i&gt;五路&lt;/i&gt;" in text
    assert [field.id for field in answer.context["unsaved"]] == ["site_address"]  # the rest is as it was
    assert not application.answers.filter(value__contains="五路").exists()


def test_names_and_remarks_are_shown_as_text(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    odd = "<script>alert(1)</script>"
    application = make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)
    slot = make.first_slot(application)
    applications.check_slot(slot_id=slot.pk, verdict="wrong", remark=odd, actor=as_actor(clerk), at=at)
    applications.request_correction(application_id=application.pk, actor=as_actor(clerk), at=at)
    client = signed_in(applicant)
    client.post(page("material_add", application), {"slot": slot.pk, "file": pdf("<img src=x onerror=a>.pdf")})

    for name in ("form", "application"):
        text = client.get(page(name, application)).content.decode()
        assert odd not in text
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text


def test_the_correction_page_opens_only_what_is_to_be_mended(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    application = make.correcting(owner=enterprise, actor=as_actor(applicant), clerk=as_actor(clerk), at=at)
    slot = make.first_slot(application)

    text = signed_in(applicant).get(page("form", application)).content.decode()

    assert "缺签章" in text
    assert f'id="slot-{slot.pk}"' in text
    others = application.slots.exclude(pk=slot.pk).filter(is_required=True)
    assert others.exists()
    for other in others:
        assert f'id="slot-{other.pk}"' not in text


def test_the_paper_is_shown_and_printed(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime, drained: object
) -> None:
    application = make.correcting(owner=enterprise, actor=as_actor(applicant), clerk=as_actor(clerk), at=at)
    notice = application.notices.get(kind="correction")
    client = signed_in(applicant)

    drained(at)  # type: ignore[operator]

    text = client.get(page("notice", application, notice.pk)).content.decode()
    assert notice.number in text
    assert "缺签章" in text
    answer = client.get(page("notice_pdf", application, notice.pk))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["application", "form", "check"])
def test_there_is_nothing_for_an_outsider(draft: Application, other_applicant: User, name: str) -> None:
    assert signed_in(other_applicant).get(page(name, draft)).status_code == 404


@pytest.mark.parametrize("name", ["save", "submit", "material_add"])
def test_an_outsider_can_post_nothing(draft: Application, other_applicant: User, name: str) -> None:
    answer = signed_in(other_applicant).post(page(name, draft), {"field": "site_address", "site_address": "x"})

    assert answer.status_code == 404
    assert not draft.answers.filter(value="x").exists()


def test_a_visitor_is_sent_to_the_login(draft: Application) -> None:
    assert Client().get(page("form", draft)).status_code == 302
