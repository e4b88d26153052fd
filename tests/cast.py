"""The cast: the same people in every test, each with somebody beside him who must be refused.

They stand on the departments and roles of the demo pack. Every fixture gives a `User`; `as_actor` turns
one into the Actor that operations take. All have the password PASSWORD.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password

from portal.accounts import actors
from portal.accounts.models import Enterprise, Membership, User
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from portal.core.uscc import check, org_check

PASSWORD = "Wind-turns-7-stones"
PLANNING, HOUSING, WINDOW, REFORM, DATA, AGENCY = "zrzy", "zj", "zckc", "zgb", "zsj", "dbzx"
SINCE = datetime(2024, 1, 1, tzinfo=SHANGHAI)

Person = Callable[..., User]


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def as_actor(user: User) -> Actor:
    """Return the actor a person is now."""
    return actors.build(user)


def uscc_of(number: int) -> str:
    """Return the valid credit code of an invented enterprise."""
    body = f"MA9T{number:04d}"
    stem = f"91449900{body}{org_check(body)}"
    return stem + check(stem)


def enterprise_named(name: str, *, number: int) -> Enterprise:
    """Return an enterprise, made at the first asking."""
    return Enterprise.objects.get_or_create(
        uscc=uscc_of(number),
        defaults={
            "name": name,
            "legal_person": "法人甲",
            "owner_type": "有限责任公司",
            "created_at": SINCE,
        },
    )[0]


@pytest.fixture
def person(pack: object) -> Person:
    """Return a maker of people: `person("name", role, department=... | enterprise=...)`."""

    def make(
        username: str,
        role: str,
        *,
        department: str | None = None,
        enterprise: Enterprise | None = None,
        name: str = "",
        **fields: object,
    ) -> User:
        user = User.objects.create(
            username=username, name=name or username, mobile="12000009999", password=_hashed(), **fields
        )
        Membership.objects.create(
            user=user, role_id=role, department_id=department, enterprise=enterprise, active_from=SINCE
        )
        return user

    return make


@pytest.fixture
def enterprise(pack: object) -> Enterprise:
    """The enterprise the applicant works for."""
    return enterprise_named("山前建设有限公司", number=1)


@pytest.fixture
def other_enterprise(pack: object) -> Enterprise:
    """An enterprise that has nothing to do with the applicant's."""
    return enterprise_named("海后实业有限公司", number=2)


@pytest.fixture
def applicant(person: Person, enterprise: Enterprise) -> User:
    return person("applicant-a", "applicant", enterprise=enterprise, name="申大路")


@pytest.fixture
def other_applicant(person: Person, other_enterprise: Enterprise) -> User:
    """The outsider beside the applicant: the same role in another enterprise."""
    return person("applicant-b", "applicant", enterprise=other_enterprise, name="钟小桥")


@pytest.fixture
def agent(person: Person) -> User:
    """A person of another body, who may do nothing until somebody gives him a mandate."""
    return person("agent-a", "agent", department=AGENCY, name="代长风")


@pytest.fixture
def other_agent(person: Person) -> User:
    return person("agent-b", "agent", department=AGENCY, name="代远山")


@pytest.fixture
def clerk(person: Person) -> User:
    return person("clerk-a", "clerk", department=WINDOW, name="窗明")


@pytest.fixture
def other_clerk(person: Person) -> User:
    return person("clerk-b", "clerk", department=WINDOW, name="窗净")


@pytest.fixture
def planning_handler(person: Person) -> User:
    return person("planning-handler", "handler", department=PLANNING, name="规承")


@pytest.fixture
def planning_checker(person: Person) -> User:
    return person("planning-checker", "checker", department=PLANNING, name="规审")


@pytest.fixture
def planning_approver(person: Person) -> User:
    return person("planning-approver", "approver", department=PLANNING, name="规批")


@pytest.fixture
def planning_lead(person: Person) -> User:
    return person("planning-lead", "lead", department=PLANNING, name="规牵")


@pytest.fixture
def fire_reviewer(person: Person) -> User:
    """The outsider beside the planning department: a handler of housing, which reviews fire safety."""
    return person("fire-reviewer", "handler", department=HOUSING, name="消承")


@pytest.fixture
def leader(person: Person) -> User:
    return person("leader-a", "leader", department=REFORM, name="领一")


@pytest.fixture
def supervisor(person: Person) -> User:
    return person("supervisor-a", "supervisor", department=REFORM, name="督一")


@pytest.fixture
def city_admin(person: Person) -> User:
    return person("city-admin-a", "city_admin", department=REFORM, name="管一")


@pytest.fixture
def system_admin(person: Person) -> User:
    return person("system-admin-a", "system_admin", department=DATA, name="系一")


@pytest.fixture
def security_admin(person: Person) -> User:
    return person("security-admin-a", "security_admin", department=DATA, name="安一")


@pytest.fixture
def audit_admin(person: Person) -> User:
    return person("audit-admin-a", "audit_admin", department=DATA, name="计一")


@pytest.fixture
def outsider(pack: object) -> User:
    """A person with a login and no role at all."""
    return User.objects.create(username="outsider", name="路人", password=_hashed())
