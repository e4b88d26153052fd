"""Codes that a platform gives: asked outside the request, tried again, refused, entered by hand."""

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.transitions import TransitionRefused
from projects.registry import operations as registry
from projects.registry import queries, tasks
from projects.registry.codes import BadCode
from projects.registry.gateways import PlatformIssuer
from projects.registry.models import CodeRequest
from projects.registry.states import CodeRequestState, ProjectState
from tests.cast import as_actor
from tests.factories.projects import REGION, a_project

CODE = "2604-449904-04-01-314155"
OTHER = "2604-449904-04-01-271828"
PLATFORM = Actor.system("code-platform")


class Platform:
    """What the stand-in answers, and what it was asked."""

    def __init__(self):
        self.answers = []
        self.asked = []
        self.url = ""


@pytest.fixture
def platform(settings):
    """Run a real HTTP server on this machine that plays the platform."""
    stand_in = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stand_in.asked.append((dict(self.headers), json.loads(body)))
            status, answer = stand_in.answers.pop(0)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args):
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    stand_in.url = settings.PLATFORM_URL = f"http://127.0.0.1:{server.server_port}/codes"
    settings.CODE_ISSUER = "platform"
    settings.PLATFORM_TOKEN = "secret-token"
    settings.PLATFORM_TIMEOUT_SECONDS = 2
    yield stand_in
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def proposal(platform, enterprise, owner_actor, at):
    return a_project(owner=enterprise, actor=owner_actor, at=at)


def ask(at):
    with clock.frozen(at):
        return tasks.request_codes()


@contextmanager
def refreshed(project):
    project.refresh_from_db()
    yield project


def test_registering_asks_nobody_and_waits(platform, proposal, said):
    assert (proposal.state, proposal.code) == (ProjectState.PROPOSED, None)
    assert platform.asked == []
    assert proposal.code_request.state == CodeRequestState.WAITING
    assert said("registry.project.proposed")[1] == {"id": proposal.pk}
    assert "project_code" not in queries.fact_values(proposal.pk)


def test_the_answer_registers_the_project(platform, proposal, enterprise, at, said):
    platform.answers = [(200, {"code": CODE})]

    assert ask(at) == 1

    with refreshed(proposal):
        assert (proposal.state, proposal.code) == (ProjectState.REGISTERED, CODE)
    assert proposal.code_request.state == CodeRequestState.ANSWERED
    assert queries.fact_values(proposal.pk)["project_code"] == CODE
    data, payload = said("registry.project.registered")
    assert payload == {"id": proposal.pk}
    assert data["proposal"] == f"proposal-{proposal.pk}"
    headers, body = platform.asked[0]
    assert headers["Authorization"] == "Bearer secret-token"
    assert (body["name"], body["region"], body["owner_uscc"]) == (proposal.name, REGION, enterprise.uscc)
    assert body["request_id"] == f"proposal-{proposal.pk}"
    assert ask(at + timedelta(days=1)) == 0


def test_a_failure_keeps_its_error_and_is_tried_again_later(platform, proposal, at):
    platform.answers = [(503, {}), (200, b"<html>"), (200, {"kode": 1}), (200, [1]), (202, {}), (200, {"code": CODE})]
    moment, errors, gaps = at, [], []

    while not proposal.code:
        assert ask(moment) == 1
        assert ask(moment) == 0, "not again at once"
        proposal.refresh_from_db()
        row = CodeRequest.objects.get()
        errors.append(row.last_error)
        gaps.append(row.next_try_at - moment)
        moment = row.next_try_at

    assert len(platform.asked) == 6
    assert len({body["request_id"] for _headers, body in platform.asked}) == 1
    assert ["503" in errors[0], "JSON" in errors[1], "项目代码" in errors[2], "JSON" in errors[3]] == [True] * 4
    assert errors[4:] == ["", ""], "not ready is no error"
    assert gaps[0] < gaps[1] < gaps[2]


def test_a_platform_that_is_away_holds_nobody_up(platform, proposal, at, settings):
    settings.PLATFORM_URL = "http://127.0.0.1:9/nobody"

    assert ask(at) == 1

    row = CodeRequest.objects.get()
    assert row.state == CodeRequestState.WAITING
    assert "连不上" in row.last_error


@pytest.mark.parametrize("address", ["", "file:///etc/passwd"])
def test_an_address_that_is_none_is_said(platform, proposal, at, settings, address):
    settings.PLATFORM_URL = address

    ask(at)

    assert "PORTAL_PLATFORM_URL" in CodeRequest.objects.get().last_error


@pytest.mark.parametrize("answer", ["not-a-code", "2613-449904-04-01-314155", f"{CODE}-01"])
def test_a_code_against_the_rules_is_not_taken(platform, proposal, at, answer):
    platform.answers = [(200, {"code": answer})]

    ask(at)

    with refreshed(proposal):
        assert proposal.state == ProjectState.PROPOSED
    assert CodeRequest.objects.get().last_error


def test_a_code_another_project_has_is_not_taken(platform, proposal, enterprise, owner_actor, at):
    a_project(owner=enterprise, actor=owner_actor, at=at, code=CODE)
    platform.answers = [(200, {"code": CODE})]

    ask(at)

    with refreshed(proposal):
        assert proposal.state == ProjectState.PROPOSED
    assert "已经登记过" in CodeRequest.objects.get(project=proposal).last_error


def test_a_refusal_ends_the_asking_until_the_window_enters_the_code(platform, proposal, clerk, at, said):
    platform.answers = [(422, {"message": "建设地点不明"})]

    assert ask(at) == 1
    assert ask(at + timedelta(days=1)) == 0

    row = CodeRequest.objects.get()
    assert (row.state, row.last_error) == (CodeRequestState.REFUSED, "建设地点不明")
    assert said("registry.code.refused")[0]["reason"] == "建设地点不明"

    registry.assign_code(project_id=proposal.pk, code=CODE, actor=as_actor(clerk), at=at)
    with refreshed(proposal):
        assert proposal.code == CODE
    row.refresh_from_db()
    assert row.state == CodeRequestState.ANSWERED


def test_a_late_answer_to_a_withdrawn_project_changes_nothing(platform, proposal, owner_actor, at):
    registry.withdraw(project_id=proposal.pk, reason="不建了", actor=owner_actor, at=at)

    assert ask(at) == 0
    with pytest.raises(TransitionRefused):
        registry.assign_code(project_id=proposal.pk, code=CODE, actor=PLATFORM, at=at)


def test_entering_a_code_is_for_the_window(proposal, owner_actor, other_applicant, leader, clerk, enterprise, at):
    for actor in (owner_actor, as_actor(other_applicant), as_actor(leader)):
        with pytest.raises(NotAllowed):
            registry.assign_code(project_id=proposal.pk, code=CODE, actor=actor, at=at)
        with pytest.raises(NotAllowed):
            registry.request_code(project_id=proposal.pk, issuer=PlatformIssuer(""), actor=actor, at=at)
    with pytest.raises(BadCode):
        registry.assign_code(project_id=proposal.pk, code="1", actor=as_actor(clerk), at=at)
    a_project(owner=enterprise, actor=owner_actor, at=at, code=OTHER)
    with pytest.raises(registry.CodeTaken):
        registry.assign_code(project_id=proposal.pk, code=OTHER, actor=as_actor(clerk), at=at)
    with refreshed(proposal):
        assert proposal.code is None


def test_one_worker_asks_at_a_time(platform, proposal, at):
    platform.answers = [(202, {})]
    issuer = PlatformIssuer(platform.url)

    assert registry.request_code(project_id=proposal.pk, issuer=issuer, actor=PLATFORM, at=at)
    assert not registry.request_code(project_id=proposal.pk, issuer=issuer, actor=PLATFORM, at=at)
    assert len(platform.asked) == 1


def test_a_code_the_applicant_brings_needs_no_platform(platform, enterprise, owner_actor, at):
    assert a_project(owner=enterprise, actor=owner_actor, at=at, code=CODE).state == ProjectState.REGISTERED
    assert not CodeRequest.objects.exists()


def test_a_city_with_the_local_issuer_asks_nobody(at, pack):
    assert ask(at) == 0
