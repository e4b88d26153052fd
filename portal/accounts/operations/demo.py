"""The people of the demo city, as the pack describes them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Enterprise, Membership, User
from portal.accounts.operations.rows import record
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.unit import operation

#: the demo's people have worked here for longer than the history that is written for them
HISTORY = timedelta(days=730)


class NoDemo(DomainError):
    """Accounts whose password everybody knows are for demonstrations only."""

    code = "no_demo"
    message = _("这里不是演示环境，不能建立演示账号。")


def ensure_demo_people(*, version: PackVersion, at: datetime) -> int:
    """Create the enterprises and people of a pack that are not there yet, and return how many people were made.

    All have settings.DEMO_PASSWORD, hashed once: a hundred slow hashes would delay the first page by a minute.
    :raises NoDemo: settings.DEMO is off, or there is no password
    """
    if not settings.DEMO or not settings.DEMO_PASSWORD:
        raise NoDemo
    city = version.documents["city"]
    with operation():
        enterprises = _ensure_enterprises(city["enterprises"], at=at)
        known = set(User.objects.values_list("username", flat=True))
        people = [entry for entry in city["people"] if entry["username"] not in known]
        hashed = make_password(settings.DEMO_PASSWORD)
        users = User.objects.bulk_create(
            User(
                username=entry["username"],
                name=entry["name"],
                mobile=entry["mobile"],
                password=hashed,
                is_demo=True,
                created_at=at,
            )
            for entry in people
        )
        Membership.objects.bulk_create(
            Membership(
                user=user,
                role_id=role,
                department_id=entry["dept"],
                enterprise=enterprises[entry["enterprise"]] if entry["enterprise"] else None,
                active_from=at - HISTORY,
            )
            for user, entry in zip(users, people, strict=True)
            for role in entry["roles"]
        )
        if users:
            record("demo.peopled", actor=Actor.system("demo"), at=at, subject=version, people=len(users))
        return len(users)


def _ensure_enterprises(entries: list[dict[str, str]], *, at: datetime) -> dict[str, Enterprise]:
    return {
        entry["id"]: Enterprise.objects.get_or_create(
            uscc=entry["uscc"],
            defaults={
                "name": entry["name"],
                "legal_person": entry["legal_person"],
                "owner_type": entry["type"],
                "trade": entry["role"],
                "created_at": at,
            },
        )[0]
        for entry in entries
    }
