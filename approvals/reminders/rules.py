"""The rules of the pack in force, read once per version."""

from collections.abc import Iterator
from functools import lru_cache

from approvals.reminders import plan
from approvals.reminders.sources import Place
from portal.citypack import queries as citypack
from portal.core import calendars


def in_force() -> plan.Rules:
    """Return the rules of the pack in force; one small statement."""
    return _rules(citypack.current_id())


def places() -> Iterator[Place]:
    """Yield the parts of the city that go by one calendar each: the regions with days of their own, then the rest."""
    days = _hand_over_days(citypack.current_id())
    own = calendars.regions()
    for region in own:
        yield Place(calendars.current(region), named=(region,), hand_over_days=days)
    yield Place(calendars.current(), others=own, hand_over_days=days)


@lru_cache(maxsize=4)
def _rules(version_id: int) -> plan.Rules:
    documents = citypack.version(version_id).documents
    return plan.read(documents["reminders"], documents["metrics"])


@lru_cache(maxsize=4)
def _hand_over_days(version_id: int) -> int:
    days: int = citypack.document(version_id, "clock")["limits"]["deliver_days"]
    return days
