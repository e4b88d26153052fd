"""People for journeys: made when first asked for, signed in once."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from portal.accounts.models import User
from portal.core import clock
from tests.cast import PASSWORD, Person
from tests.journeys.driver import Cast, Machine


@pytest.fixture
def cast(person: Person, enterprise: object) -> Cast:
    """Return the machine of a role, in a department where it has one."""
    known: dict[tuple[str, str], Machine] = {}
    homes = {"clerk": "zckc", "leader": "zgb", "supervisor": "zgb", "lead": "zrzy"}

    def machine(role: str, department: str = "") -> Machine:
        place = department or homes.get(role, "")
        if (role, place) not in known:
            username = f"{role}-{place or 'own'}-journey"
            if not User.objects.filter(username=username).exists():
                if role in ("applicant",):
                    person(username, role, enterprise=enterprise)
                else:
                    person(username, role, department=place)
            known[role, place] = Machine(username, PASSWORD)
        return known[role, place]

    return machine


@pytest.fixture(autouse=True)
def still_clock(at: datetime) -> Iterator[None]:
    """Let the whole journey happen at the test's moment: what it shows then depends on no calendar."""
    with clock.frozen(at):
        yield
