"""One small private project goes from registration through all four stages to acceptance, by HTTP only."""

import pytest

from tests.journeys.driver import bring_materials, fill_in, work_off

FACTS = {
    "fund_source": "social",
    "is_linear": False,
    "floor_area_m2": 7200,
    "plan_height_m": 12,
    "low_risk": True,
    "land_mode": "transfer",
    "project_basis": "3",
    "land_area_m2": 4800,
    "purpose": "industry",
}
ANSWERS = {
    "eia_class": "n",
    "fire_kind": "0",
    "site_region": "449904",
    "declare.rf_yd": False,
    "contract_start": "2026-03-02",
    "contract_end": "2026-12-30",
    "plan_start": "2026-05-01",
    "plan_finish": "2027-05-01",
    "industry": "G5990",
}


@pytest.mark.django_db
def test_reaches_acceptance_through_four_stages(cast, drained, at):
    owner, clerk = cast("applicant"), cast("clerk")
    project = owner.post("/projects", name="云岭小型仓储用房", region="449904", facts=FACTS)
    code = project["code"]
    assert project["flow"] == "soc_small"
    assert "7,200" in project["flow_reason"]
    states = {stage["id"]: stage["state"] for stage in project["stages"]}
    assert states["S1"] == "open"
    assert states["S2"] == "waiting"

    for stage in ("S1", "S2", "S3", "S4"):
        application = owner.post("/applications", project=code, stage=stage)
        assert application["state"] == "draft"
        number = application["id"]
        form = fill_in(owner, number, ANSWERS)
        assert [field["id"] for field in form["fields"] if field["problem"]] == []
        bring_materials(owner, number)
        submitted = owner.post(f"/applications/{number}/submit")
        assert submitted["state"] == "submitted"
        accepted = clerk.post(f"/applications/{number}/accept")
        assert accepted["state"] in ("accepted", "completed")
        work_off(cast, code, after_each=lambda: drained(at))
        drained(at)
        seen = {line["id"]: line for line in owner.get(f"/projects/{code}")["stages"]}
        assert seen[stage]["state"] == "concluded", owner.get(f"/projects/{code}/plan")
        assert owner.get(f"/applications/{number}")["state"] == "completed"

    finished = owner.get(f"/projects/{code}")
    assert [line["engineering_code"] for line in finished["stages"] if line["id"] != "S0"] == [
        f"{code}-01",
        f"{code}-0101",
        f"{code}-010101",
        f"{code}-010101",
    ]
