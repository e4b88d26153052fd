"""Registering a project: what is taken, what is refused, what is left behind."""

import pytest

from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry import codes, queries
from projects.registry import operations as registry
from projects.registry.gateways import segments
from projects.registry.models import Project, ProjectFact
from projects.registry.operations.locks import ProjectIsOver
from projects.registry.states import ProjectState
from tests.cast import as_actor
from tests.factories.projects import GENERAL, GOV_BUILDING, GOV_LINEAR, REGION, SMALL, a_project

CURRENT = "2601-449902-04-01-314155"
LEGACY = "2018-449902-47-03-816285"


def problems(**registration):
    with pytest.raises(InvalidInput) as refused:
        registry.register(**registration)
    assert not Project.objects.exists()
    assert not ProjectFact.objects.exists()
    return refused.value.fields


@pytest.fixture
def registration(enterprise, owner_actor, at):
    return {
        "name": "山前小型仓储用房",
        "region": REGION,
        "facts": dict(SMALL),
        "owner_id": enterprise.pk,
        "actor": owner_actor,
        "at": at,
    }


def test_gives_the_project_a_code_of_the_month_and_region(registration):
    project = registry.register(**registration)

    code = codes.parse_project_code(project.code)
    assert (code.time, code.region, code.third, code.fourth) == ("2604", REGION, "04", "01")
    assert project.code.endswith("L")
    assert project.state == ProjectState.REGISTERED
    assert registry.register(**registration).code != project.code


def test_takes_segments_of_the_code_from_the_industry_where_the_pack_says_so(registration):
    registration["facts"]["industry"] = "C3484"

    code = codes.parse_project_code(registry.register(**registration).code)

    assert (code.third, code.fourth) == ("07", "02")
    assert segments({"department": "04", "project_type": "01"}, "C3484") == ("04", "01")


@pytest.mark.parametrize(
    ("facts", "flow", "because"),
    [
        (SMALL, "soc_small", "建筑面积 7,200 平方米 ≤ 10,000"),
        (GENERAL, "soc_general", "项目投资来源为社会投资"),
        ({**SMALL, "land_mode": "transfer_with_scheme"}, "soc_scheme", "土地获取方式为带方案出让"),
        (GOV_BUILDING, "gov_building", "是否线性工程：否"),
        (GOV_LINEAR, "gov_linear", "是否线性工程：是"),
    ],
)
def test_computes_the_flow_and_says_why(registration, facts, flow, because):
    project = registry.register(**{**registration, "facts": facts})

    assert project.flow == project.computed_flow == flow
    assert because in project.flow_reason
    assert not project.is_overridden


def test_keeps_every_fact_with_its_source(registration, enterprise, at):
    project = registry.register(**{**registration, "facts": {**SMALL, "total_invest_wan": "1,800.5"}})

    facts = queries.facts(project)
    assert facts["project_name"].value == "山前小型仓储用房"
    assert facts["site_region"].value == REGION
    assert facts["project_code"].value == project.code
    assert (facts["total_invest_wan"].value, facts["total_invest_wan"].source) == (1800.5, "registry")
    assert facts["plan_height_m"].source == "applicant"
    assert facts["low_risk"].source == "applicant", "what a system should tell is declared until it does"
    assert (facts["owner_uscc"].value, facts["owner_uscc"].source) == (enterprise.uscc, "e_cert")
    assert facts["legal_person"].value == enterprise.legal_person
    assert enterprise.uscc in facts["owner_name"].source_note
    assert facts["owner_name"].recorded_at == at


def test_writes_the_audit_and_announces_the_project(registration, applicant, said):
    project = registry.register(**registration)

    data, payload = said("registry.project.registered")
    assert data["facts"]["registry"]["fund_source"] == "social"
    assert data["flow"] == "soc_small"
    assert payload == {"id": project.pk}
    event = AuditEvent.objects.get(stream=project.code, number=1)
    assert event.actor_id == applicant.pk
    assert audit.verify(project.code) is None


def test_asks_only_for_facts_that_can_still_turn_the_flow(registration):
    everything = problems(**{**registration, "facts": {}})
    assert set(everything) == {
        "fund_source", "is_linear", "land_mode", "floor_area_m2", "plan_height_m", "low_risk",
    }  # fmt: skip
    assert "建筑面积" in everything["floor_area_m2"]

    government = problems(**{**registration, "facts": {"fund_source": "gov"}})
    assert set(government) == {"is_linear"}

    large = problems(**{**registration, "facts": {"fund_source": "social", "floor_area_m2": 20000}})
    assert set(large) == {"land_mode"}


def test_says_everything_that_is_wrong_at_once(registration):
    facts = {
        **SMALL,
        "fund_source": "lottery",
        "floor_area_m2": -1,
        "plan_height_m": "高",
        "plan_start": "2026-02-30",
        "designer_uscc": "91350100M000100Y44",
        "industry": "ZZ",
        "contact_mobile": "110",
        "no_such_field": 1,
    }

    found = problems(**{**registration, "name": " ", "region": "110101", "facts": facts, "code": "2613-1"})

    assert set(found) == {
        "name", "region", "code", "fund_source", "floor_area_m2", "plan_height_m", "plan_start", "designer_uscc",
        "industry", "contact_mobile", "no_such_field",
    }  # fmt: skip
    assert "海湾区（449902）" in found["region"]
    assert "政府投资、社会投资" in found["fund_source"]


@pytest.mark.parametrize("name", ["", "　", "一" * 201, "甲\0乙", None, 7.5j])
def test_refuses_a_name_that_is_none(registration, name):
    assert set(problems(**{**registration, "name": name})) == {"name"}


def test_does_not_let_the_owner_be_typed(registration, enterprise):
    typed = {**SMALL, "owner_uscc": "91350100M000100Y43", "legal_person": "别人"}

    project = registry.register(**{**registration, "facts": typed})

    assert queries.fact_values(project.pk)["owner_uscc"] == enterprise.uscc
    assert queries.fact_values(project.pk)["legal_person"] == enterprise.legal_person


def test_refuses_facts_that_contradict_the_registration(registration):
    assert set(problems(**{**registration, "facts": {**SMALL, "project_name": "别的名称"}})) == {"project_name"}
    same = registry.register(**{**registration, "facts": {**SMALL, "project_name": registration["name"]}})
    assert same.name == registration["name"]


@pytest.mark.parametrize("code", [CURRENT, LEGACY])
def test_takes_a_national_code_the_project_already_has(registration, code):
    assert registry.register(**registration, code=code).code == code


@pytest.mark.parametrize("code", ["2613-449902-04-01-314155", f"{CURRENT}-01", " " + CURRENT, "", "91350100M000100Y43"])
def test_refuses_a_code_against_the_grammar(registration, code):
    assert set(problems(**registration, code=code)) == {"code"}


def test_refuses_a_code_that_is_taken_and_says_what_to_do(registration, other_applicant, other_enterprise):
    registry.register(**registration, code=CURRENT)
    other = {**registration, "owner_id": other_enterprise.pk, "actor": as_actor(other_applicant)}

    with pytest.raises(registry.CodeTaken, match="不要重复登记"):
        registry.register(**other, code=CURRENT)

    assert Project.objects.count() == 1
    assert not OutboxMessage.objects.filter(topic="registry.project.registered").count() > 1


def test_goes_past_a_local_code_that_somebody_registered_by_hand(registration):
    registry.register(**registration, code=f"2604-{REGION}-04-01-00001L")

    assert registry.register(**registration).code == f"2604-{REGION}-04-01-00002L"


def test_refuses_outsiders(registration, other_applicant, agent, planning_handler, leader, outsider, city_admin):
    for person in (other_applicant, agent, planning_handler, leader, outsider, city_admin):
        with pytest.raises(NotAllowed):
            registry.register(**{**registration, "actor": as_actor(person)})
    with pytest.raises(NotAllowed):
        registry.register(**{**registration, "actor": Actor.anonymous()})
    assert not Project.objects.exists()


def test_lets_the_window_register_for_an_enterprise(registration, clerk):
    project = registry.register(**{**registration, "actor": as_actor(clerk)})

    assert project.registered_by_id == clerk.pk
    assert project.owner_id == registration["owner_id"]


def test_refuses_an_enterprise_that_is_closed_or_unknown(registration, enterprise, clerk):
    enterprise.is_active = False
    enterprise.save()
    by_window = {**registration, "actor": as_actor(clerk)}

    assert set(problems(**by_window)) == {"owner"}
    assert set(problems(**{**by_window, "owner_id": 0})) == {"owner"}


def test_registers_a_phase_under_its_parent_with_a_code_of_its_own(registration, project):
    phase = registry.register(**registration, parent_id=project.pk, relation="phase")

    assert (phase.parent, phase.relation) == (project, "phase")
    assert phase.code != project.code
    assert list(project.children.all()) == [phase]


def test_refuses_a_child_without_a_relation_or_of_a_stranger(registration, project, other_applicant, other_enterprise):
    with pytest.raises(InvalidInput) as refused:
        registry.register(**registration, parent_id=project.pk, relation="cousin")
    assert set(refused.value.fields) == {"relation"}

    stranger = {**registration, "owner_id": other_enterprise.pk, "actor": as_actor(other_applicant)}
    with pytest.raises(NotAllowed):
        registry.register(**stranger, parent_id=project.pk, relation="part")
    with pytest.raises(queries.NoProject):
        registry.register(**registration, parent_id=0, relation="part")
    assert Project.objects.count() == 1


def test_refuses_a_child_of_a_project_that_is_over(registration, project, owner_actor, at):
    registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at)

    with pytest.raises(ProjectIsOver):
        registry.register(**registration, parent_id=project.pk, relation="phase")


def test_keeps_the_pack_version_it_started_under(enterprise, owner_actor, at, pack):
    assert a_project(owner=enterprise, actor=owner_actor, at=at).pack_version == pack


@pytest.mark.django_db
def test_writes_a_pasted_name_on_one_line(registration):
    registration["name"] = "山前小型\n仓储  用房"

    assert registry.register(**registration).name == "山前小型 仓储 用房"


@pytest.mark.django_db
def test_refuses_a_relation_to_nothing(registration):
    assert set(problems(**registration, relation="phase")) == {"relation"}
