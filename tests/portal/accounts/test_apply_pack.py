"""Departments and roles of the pack become rows."""

import copy
from datetime import datetime

import pytest

from portal.accounts import pack as accounts_pack
from portal.accounts.models import Department, Role, RoleGrant, User
from portal.citypack.models import PackVersion
from tests.cast import PLANNING, as_actor


@pytest.fixture
def documents(pack: PackVersion) -> dict[str, dict[str, object]]:
    return copy.deepcopy({name: pack.documents[name] for name in ("departments", "roles")})


def test_the_pack_is_in_the_tables(pack: PackVersion) -> None:
    written = pack.documents["departments"]["departments"]

    assert list(Department.objects.working().values_list("id", "name", "short")) == [
        (entry["id"], entry["name"], entry["short"]) for entry in written
    ]
    assert set(Role.objects.values_list("id", flat=True)) >= {"applicant", "clerk", "handler", "security_admin"}
    assert set(Role.objects.filter(is_separated=True).values_list("id", flat=True)) == {
        "system_admin", "security_admin", "audit_admin",
    }  # fmt: skip
    assert Role.objects.get(pk="agent").bodies == ["enterprise", "department"]


def test_applying_again_changes_nothing(pack: PackVersion, documents: dict, at: datetime) -> None:
    def rows() -> tuple[list[object], ...]:
        return (
            list(Department.objects.order_by("id").values_list()),
            list(Role.objects.order_by("id").values_list()),
            sorted(RoleGrant.objects.values_list("role_id", "act", "scope", "name")),
        )

    before = rows()
    accounts_pack.apply(version=pack, documents=documents, at=at)

    assert rows() == before


def test_what_the_pack_drops_is_closed_and_kept(
    pack: PackVersion, documents: dict, planning_handler: User, at: datetime
) -> None:
    entries = documents["departments"]["departments"]
    documents["departments"]["departments"] = [entry for entry in entries if entry["id"] != PLANNING]

    accounts_pack.apply(version=pack, documents=documents, at=at)

    assert not Department.objects.get(pk=PLANNING).is_active
    assert planning_handler.memberships.get().department_id == PLANNING
    assert as_actor(planning_handler).departments == frozenset()


def test_what_comes_back_is_open_again(
    pack: PackVersion, documents: dict, planning_handler: User, at: datetime
) -> None:
    shorter = copy.deepcopy(documents)
    shorter["roles"]["roles"] = [entry for entry in documents["roles"]["roles"] if entry["id"] != "handler"]
    accounts_pack.apply(version=pack, documents=shorter, at=at)
    assert as_actor(planning_handler).grants == frozenset()

    accounts_pack.apply(version=pack, documents=documents, at=at)

    assert as_actor(planning_handler).may("task.handle", department=PLANNING)


def test_a_changed_grant_holds_at_once(pack: PackVersion, documents: dict, clerk: User, at: datetime) -> None:
    role = next(entry for entry in documents["roles"]["roles"] if entry["id"] == "clerk")
    role["grants"]["city"].remove("application.accept")

    accounts_pack.apply(version=pack, documents=documents, at=at)

    assert not as_actor(clerk).may("application.accept")


def test_sub_units_come_along(pack: PackVersion, documents: dict, at: datetime) -> None:
    documents["departments"]["departments"][0]["units"] = [{"id": "u1", "name": "一科"}]

    accounts_pack.apply(version=pack, documents=documents, at=at)

    first = documents["departments"]["departments"][0]["id"]
    assert Department.objects.get(pk=first).sub_units == [{"id": "u1", "name": "一科"}]
