"""Rules of the files the pack itself looks after, and of the layers: one small change, one fault."""

from pathlib import Path

from tests.portal.citypack.broken import Case, Edit, assert_fault, by_id, cases, put

CASES: list[Case] = [
    (
        "departments",
        "stage led twice",
        lambda d: d["departments"][5]["leads_stage"].append("S1"),
        "departments[zj].leads_stage[3]",
        "S1",
    ),
    ("departments", "unknown kind", put("departments", "zrzy", kind="club"), "departments[zrzy].kind", "club"),
    (
        "roles",
        "unknown act",
        lambda d: d["roles"][0]["grants"]["own"].append("moon.land"),
        "roles[applicant].grants.own[",
        "moon.land",
    ),
    (
        "roles",
        "unknown scope",
        lambda d: d["roles"][0]["grants"].update(planet=["case.view"]),
        "roles[applicant].grants.planet",
        "不认识",
    ),
    (
        "roles",
        "city for an enterprise",
        lambda d: d["roles"][0]["grants"].update(city=["audit.view"]),
        "roles[applicant].grants",
        "own",
    ),
    (
        "city",
        "bad credit code",
        put("enterprises", "e01", uscc="91449902MA9A00010G"),
        "enterprises[e01].uscc",
        "统一社会信用代码",
    ),
    (
        "city",
        "nobody approves",
        lambda d: d.update(people=[p for p in d["people"] if p["username"] != "zj-approver"]),
        "people",
        "zj",
    ),
    (
        "city",
        "two steps in one hand",
        lambda d: d["people"][11]["roles"].append("checker"),
        "people[p12].roles",
        "兼任",
    ),
    (
        "city",
        "two admins in one hand",
        lambda d: by_id(d["people"], "p27")["roles"].append("audit_admin"),
        "people[p27].roles",
        "兼任",
    ),
    ("city", "same login", lambda d: d["people"][1].update(username="applicant-1"), "people[p02].username", "p01"),
    ("city", "wrong check character", lambda d: d["projects"][0].update(qr_check="A"), "projects[prj1].qr_check", "9"),
    (
        "city",
        "wrong project code",
        lambda d: d["projects"][0].update(project_code="2613-449902-04-01-314155"),
        "projects[prj1].project_code",
        "2613",
    ),
    ("city", "zones apart", lambda d: d.update(crs_without_zone=4546), "crs_without_zone", "4547"),
    ("city", "hour as a number", lambda d: d.update(close_of_business=1050), "close_of_business", "应为文字"),
    ("holidays", "wrong sum", lambda d: d["years"][2].update(workdays_total=249), "years[2026].workdays_total", "248"),
    (
        "holidays",
        "day of another year",
        lambda d: d["years"][2]["days_off"][0].update(date="2025-01-01"),
        "years[2026].days_off[2025-01-01]",
        "不在这一年",
    ),
    ("clock", "unknown state", lambda d: d["transitions"][0].update(to="limbo"), "transitions[1].to", "limbo"),
    (
        "clock",
        "unreachable state",
        lambda d: d["states"].append({"id": "limbo", "name": "悬", "national_blzt": None, "holder": "none"}),
        "states[limbo]",
        "到不了",
    ),
    (
        "clock",
        "example miscounted",
        lambda d: d["examples"][1]["expect"].update(C1_days=8),
        "examples[2].expect.C1_days",
        "7",
    ),
    (
        "codes",
        "check character",
        lambda d: d["qr"]["test_vectors"][0].update(check="N"),
        "qr.test_vectors[1].check",
        "M",
    ),
    (
        "codes",
        "broken expression",
        lambda d: d["engineering_code"].update(regex="(["),
        "engineering_code.regex",
        "正则",
    ),
    (
        "layers",
        "layer under the wrong parent",
        lambda d: d["topics"][0]["subtopics"][0]["layers"][0].update(id="L09.01.99"),
        "topics[L01].subtopics[L01.01].layers[L09.01.99]",
        "L01.01",
    ),
    ("layers", "lost layer", lambda d: d["topics"][0]["subtopics"][0]["layers"].pop(), "counts.layers", "275"),
    (
        "layers",
        "unknown input",
        lambda d: d["checks"][0]["inputs"].append("L99.99.99"),
        "checks[chk_3lines].inputs[5]",
        "L99.99.99",
    ),
    (
        "layers",
        "unknown districts",
        lambda d: d["siting"].update(districts=["L99.01"]),
        "siting.districts[1]",
        "L99.01",
    ),
    (
        "reminders",
        "unknown role",
        lambda d: d["reminders"][0]["to"].append("ghost"),
        "reminders[case_soon].to[2]",
        "ghost",
    ),
    ("reminders", "never", lambda d: d["reminders"][0].update(before=[], after=[]), "reminders[case_soon]", "永远不会"),
    ("glossary", "term twice", lambda d: d["terms"].append(dict(d["terms"][0])), "terms[项目代码]", "重复"),
    ("metrics", "metric twice", lambda d: d["metrics"].append(dict(d["metrics"][0])), "metrics[M01]", "重复"),
    ("exchange", "unknown level", lambda d: d["rules"][0].update(level="maybe"), "rules[R01].level", "maybe"),
]


@cases(CASES)
def test_names_file_key_and_reason(tmp_path: Path, name: str, change: Edit, key: str, reason: str) -> None:
    assert_fault(tmp_path, name, change, key, reason)
