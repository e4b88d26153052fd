"""Two people fill in one form: nobody's edit is lost without a word."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from approvals.applications import operations as applications
from approvals.applications import presenting, queries
from approvals.applications.models import Application
from approvals.applications.operations import EditedMeanwhile
from portal.accounts.models import Enterprise, User
from portal.core import clock
from projects.registry import operations as registry
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import GOV_BUILDING
from tests.factories.review import a_running_project

FIELD = "site_address"
EMPTY = "contact"


@pytest.fixture
def draft(db: None, enterprise: Enterprise, applicant: User, agent: User, at: datetime) -> Application:
    """A draft the applicant and his agent both write."""
    draft = make.a_draft(owner=enterprise, actor=as_actor(applicant), at=at)
    registry.give_mandate(project_id=draft.project_id, user_id=agent.pk, actor=as_actor(applicant), at=at)
    return draft


def version(draft: Application, field: str) -> str:
    return form(draft).filled[field].version


def form(draft: Application) -> queries.FormState:
    return queries.form_of(Application.objects.select_related("project__owner", "unit").get(pk=draft.pk))


def save(draft: Application, user: User, at: datetime, versions: Any = None, **values: Any) -> queries.FormState:
    return applications.save_answers(
        application_id=draft.pk, values=values, versions=versions, actor=as_actor(user), at=at
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def machine(user: User) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return client


def test_the_second_writer_learns_who_was_first_and_nothing_is_saved(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    read = {FIELD: version(draft, FIELD), EMPTY: version(draft, EMPTY)}
    save(draft, agent, at, read, **{FIELD: "一路 1 号"})

    with pytest.raises(EditedMeanwhile) as conflict:
        save(draft, applicant, at, read, **{FIELD: "二路 2 号", EMPTY: "李明"})

    (clash,) = conflict.value.clashes
    assert (clash.field, clash.theirs, clash.mine) == (FIELD, "一路 1 号", "二路 2 号")
    assert (clash.author, clash.at) == (agent.name, at)
    assert set(conflict.value.fields) == {FIELD}
    assert form(draft).values[FIELD] == "一路 1 号"
    assert EMPTY not in form(draft).values


def test_who_has_seen_theirs_may_write_over_it_but_over_nothing_newer(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    read = {FIELD: version(draft, FIELD)}
    save(draft, agent, at, **{FIELD: "一路 1 号"})
    with pytest.raises(EditedMeanwhile) as conflict:
        save(draft, applicant, at, read, **{FIELD: "二路 2 号"})
    seen = {FIELD: conflict.value.clashes[0].version}
    save(draft, agent, at, **{FIELD: "三路 3 号"})

    with pytest.raises(EditedMeanwhile) as again:
        save(draft, applicant, at, seen, **{FIELD: "二路 2 号"})

    state = save(draft, applicant, at, {FIELD: again.value.clashes[0].version}, **{FIELD: "二路 2 号"})
    assert state.values[FIELD] == "二路 2 号"


def test_what_was_sent_back_as_it_was_read_undoes_nothing(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    old = save(draft, applicant, at, **{FIELD: "旧路 9 号"}).values[FIELD]
    read = {FIELD: version(draft, FIELD)}
    save(draft, agent, at, **{FIELD: "一路 1 号"})

    state = save(draft, applicant, at, read, **{FIELD: old, EMPTY: "李明"})

    assert (state.values[FIELD], state.values[EMPTY]) == ("一路 1 号", "李明")


def test_both_writing_the_same_is_no_conflict(draft: Application, applicant: User, agent: User, at: datetime) -> None:
    read = {EMPTY: version(draft, EMPTY)}
    save(draft, agent, at, read, **{EMPTY: "李明"})

    assert save(draft, applicant, at, read, **{EMPTY: "李明 "}).values[EMPTY] == "李明"


def test_what_could_not_be_taken_is_not_written_over_either(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    read = {"contact_mobile": version(draft, "contact_mobile")}
    save(draft, agent, at, contact_mobile="1200000")

    with pytest.raises(EditedMeanwhile) as conflict:
        save(draft, applicant, at, read, contact_mobile="12000002222")

    assert conflict.value.clashes[0].theirs == "1200000"


def test_a_change_of_the_project_counts_too(draft: Application, applicant: User, agent: User, at: datetime) -> None:
    read = {FIELD: version(draft, FIELD)}
    draft.answers.filter(field=FIELD).delete()
    registry.record_facts(
        project_id=draft.project_id,
        values={FIELD: "四路 4 号"},
        source="applicant",
        actor=as_actor(agent),
        at=at + timedelta(minutes=1),
    )

    with pytest.raises(EditedMeanwhile) as conflict:
        save(draft, applicant, at, read, **{FIELD: "二路 2 号"})

    assert (conflict.value.clashes[0].theirs, conflict.value.clashes[0].author) == ("四路 4 号", "")


def test_a_machine_without_versions_writes_as_before(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    save(draft, agent, at, **{FIELD: "一路 1 号"})

    answer = machine(applicant).patch(f"/api/v1/applications/{draft.pk}/form", {FIELD: "二路 2 号"}, format="json")

    assert answer.status_code == 200
    assert form(draft).values[FIELD] == "二路 2 号"


def test_a_machine_with_versions_gets_both_values(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    client, address = machine(applicant), f"/api/v1/applications/{draft.pk}/form"
    read = {field["id"]: field["version"] for field in client.get(address).json()["fields"]}
    save(draft, agent, at, **{FIELD: "一路 1 号"})

    refused = client.patch(address, {FIELD: "二路 2 号", "$versions": read}, format="json")

    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    body = refused.json()
    assert (body["code"], set(body["fields"])) == ("edited_meanwhile", {FIELD})
    clash = body["conflicts"][FIELD]
    assert (clash["yours"], clash["theirs"], clash["author"]) == ("二路 2 号", "一路 1 号", agent.name)
    kept = client.patch(address, {FIELD: "二路 2 号", "$versions": {FIELD: clash["version"]}}, format="json")
    assert kept.status_code == 200
    assert form(draft).values[FIELD] == "二路 2 号"
    strange: tuple[Any, ...] = ([], "x", {FIELD: 1})
    for nonsense in strange:
        assert client.patch(address, {"$versions": nonsense}, format="json").status_code == 422


def test_autosave_shows_both_and_keeps_mine_when_asked(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    client, address = signed_in(applicant), reverse("applications:save", args=[draft.pk])
    autosave = {"X-Requested-With": "autosave"}
    read = version(draft, FIELD)
    save(draft, agent, at, **{FIELD: "一路 1 号"})

    with clock.frozen(at + timedelta(minutes=5)):
        clash = client.post(address, {"field": FIELD, FIELD: "二路 2 号", f"{FIELD}-version": read}, headers=autosave)
        mine = client.post(
            address,
            {"field": FIELD, FIELD: "二路 2 号", f"{FIELD}-version": clash.json()["version"]},
            headers=autosave,
        )

    assert clash.status_code == 409
    said = clash.json()
    assert (said["author"], said["theirs"], said["mine"]) == (agent.name, "一路 1 号", "二路 2 号")
    assert said["inputs"] == {FIELD: "一路 1 号"}
    assert mine.status_code == 200
    assert mine.json()["versions"] == {FIELD: version(draft, FIELD)}
    assert form(draft).values[FIELD] == "二路 2 号"


def test_without_script_the_page_offers_both_and_saves_the_rest(
    draft: Application, applicant: User, agent: User, at: datetime
) -> None:
    client, address = signed_in(applicant), reverse("applications:save", args=[draft.pk])
    sent = {
        "section": "section-form_common",
        FIELD: "<二路> 2 号",
        f"{FIELD}-version": version(draft, FIELD),
        EMPTY: "李明",
        f"{EMPTY}-version": version(draft, EMPTY),
    }
    save(draft, agent, at, **{FIELD: "一路 1 号"})

    answer = client.post(address, sent)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert agent.name in text
    assert "一路 1 号" in text
    assert "&lt;二路&gt; 2 号" in text
    assert form(draft).values[EMPTY] == "李明"
    clash = answer.context["clashes"][0]
    kept = client.post(address, dict(clash.inputs))
    assert kept.status_code == 302
    assert form(draft).values[FIELD] == "<二路> 2 号"


def test_a_page_sent_back_untouched_conflicts_with_nothing(
    enterprise: Enterprise, applicant: User, at: datetime, db: None
) -> None:
    actor = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=actor, at=at, facts=GOV_BUILDING)
    draft = make.fill_in(make.a_draft(owner=enterprise, actor=actor, at=at, project=project), actor=actor, at=at)
    before = form(draft)
    sent = _as_the_page_sends(before)
    versions = presenting.posted_versions(before, sent)
    raw = presenting.posted(before, sent)
    assert len(versions) > 30
    emptied = [field for field in versions if before.spec.fields[field].definition.stage != "*"]
    assert len(emptied) > 5
    save(draft, applicant, at, **dict.fromkeys(emptied))

    state = save(draft, applicant, at, versions, **raw)

    assert {field for field in emptied if state.filled[field].value is not None} == set()


def _as_the_page_sends(state: queries.FormState) -> dict[str, str]:
    sent: dict[str, str] = {}
    for section in presenting.section_views(state):
        for view in section.fields:
            if view.read_only:
                continue
            sent[f"{view.id}-version"] = view.version
            match view.type:
                case "daterange":
                    sent[f"{view.id}_from"], sent[f"{view.id}_to"] = view.pair
                case "lonlat":
                    sent[f"{view.id}_lon"], sent[f"{view.id}_lat"] = view.pair
                case "table":
                    sent[f"{view.id}-count"] = str(len(view.rows))
                    sent |= {cell.name: cell.value for row in view.rows for cell in row}
                case "bool":
                    sent |= {view.id: view.shown.lower()} if view.shown else {}
                case _:
                    sent[view.id] = view.shown
    return sent


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_writes_and_seven_are_told(
    enterprise: Enterprise, applicant: User, at: datetime, pack: object
) -> None:
    draft = make.a_draft(owner=enterprise, actor=as_actor(applicant), at=at)
    read = {EMPTY: version(draft, EMPTY)}
    actor = as_actor(applicant)
    start = threading.Barrier(8)
    told: list[str] = []
    wrote: list[str] = []

    def write(name: str) -> None:
        start.wait()
        try:
            applications.save_answers(application_id=draft.pk, values={EMPTY: name}, versions=read, actor=actor, at=at)
            wrote.append(name)
        except EditedMeanwhile as conflict:
            told.append(conflict.clashes[0].theirs)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(f"写{letter}",)) for letter in "甲乙丙丁戊己庚辛"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(wrote) == 1
    assert told == wrote * 7
    assert form(draft).values[EMPTY] == wrote[0]
