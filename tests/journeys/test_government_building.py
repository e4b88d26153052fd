"""A government building goes through stage one: serial and parallel items, several departments, by HTTP only."""

import pytest

from tests.journeys.driver import Refused, bring_materials, fill_in, work_off

FACTS = {
    "fund_source": "gov",
    "is_linear": False,
    "land_mode": "alloc",
    "floor_area_m2": 38500,
    "land_area_m2": 42000,
    "total_invest_wan": 26800,
    "project_basis": "1",
    "purpose": "public",
}
ANSWERS = {"industry": "P8331", "plan_start": "2026-05-01", "plan_finish": "2027-05-01"}


def of(project: str, machine, key: str) -> dict:
    return next(line for line in machine.get(f"/projects/{project}/plan")["items"] if line["id"] == key)


@pytest.mark.django_db
def test_opens_items_as_their_prerequisites_are_granted_and_concludes_with_the_milestone(cast, drained, at):
    owner, clerk = cast("applicant"), cast("clerk")
    code = owner.post("/projects", name="第三实验学校新建工程", region="449902", facts=FACTS)["code"]
    plan = {line["id"]: line for line in owner.get(f"/projects/{code}/plan")["items"]}
    assert plan["S1-02"]["prerequisites"] == ["S1-01", "S1-05"]
    assert plan["S1-02"]["forecast_start"] >= plan["S1-05"]["forecast_finish"]

    application = owner.post("/applications", project=code, stage="S1")["id"]
    fill_in(owner, application, ANSWERS)
    bring_materials(owner, application)
    owner.post(f"/applications/{application}/submit")
    clerk.post(f"/applications/{application}/accept")
    drained(at)
    on_desks = {task["item"] for task in cast("leader").get("/tasks", project=code)["results"]}
    assert "S1-01" in on_desks
    assert "S1-05" in on_desks
    assert "S1-02" not in on_desks, "it waits for its two prerequisites"

    cases = work_off(cast, code, after_each=lambda: drained(at))
    assert {case["item"] for case in cases} == {"S1-01", "S1-02", "S1-05", "S1-06", "S1-07", "S1-08"}
    stages = {line["id"]: line for line in owner.get(f"/projects/{code}")["stages"]}
    assert stages["S1"]["state"] == "concluded"
    assert stages["S2"]["state"] == "open"
    study = next(case for case in cases if case["item"] == "S1-02")
    seen = owner.get(f"/cases/{study['id']}")
    assert {result["item"] for result in seen["earlier_results"]} >= {"S1-01", "S1-05"}


@pytest.mark.django_db
def test_results_reach_the_applicant_and_the_departments_that_need_them(cast, drained, at):
    owner, clerk = cast("applicant"), cast("clerk")
    code = owner.post("/projects", name="第三实验学校新建工程", region="449902", facts=FACTS)["code"]
    application = owner.post("/applications", project=code, stage="S1")["id"]
    fill_in(owner, application, ANSWERS)
    bring_materials(owner, application)
    owner.post(f"/applications/{application}/submit")
    clerk.post(f"/applications/{application}/accept")
    work_off(cast, code, after_each=lambda: drained(at))
    drained(at)

    site = next(
        delivery
        for delivery in cast("handler", department="fgw").get("/deliveries")["results"]
        if "S1-02" in delivery.get("needed_by", [])
    )
    received = cast("handler", department="fgw").post(f"/deliveries/{site['id']}/acknowledge")
    assert received["state"] == "acknowledged"
    own = owner.get("/deliveries")["results"]
    assert len(own) >= 6
    number = next(delivery["number"] for delivery in own if delivery["number"])
    assert owner.get(f"/certificates/{number}")["state"] == "issued"
    with pytest.raises(Refused) as refusal:
        cast("handler", department="qx").get(f"/certificates/{number}")
    assert refusal.value.status == 404
