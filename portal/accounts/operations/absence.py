"""Name who does the work of a person who is away, for some days in one department."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import policies
from portal.accounts.models import Delegation, Membership, User
from portal.accounts.operations.rows import record
from portal.accounts.states import Scope
from portal.core import clock, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.unit import operation

MAX_REASON = 100
#: nobody is away for longer without being replaced
MAX_DAYS = 366


class AbsenceIsOver(Conflict):
    """There is nothing left to end."""

    code = "absence_over"
    message = gettext_lazy("这次代办已经结束，不用再结束。")


def arrange_substitute(
    *,
    person_id: int,
    substitute_id: int,
    department_id: str,
    from_on: date,
    until_on: date,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> Delegation:
    """Let a colleague with the same acts do a person's work in a department, from one day to another inclusive.

    :raises NotAllowed: the actor is neither the person nor the department's lead
    :raises InvalidInput: `fields` says which: wrong days, a colleague who may do less, a second substitute, a chain
    """
    with operation():
        policies.require(policies.can_arrange_absence(actor, person_id=person_id, department_id=department_id))
        problems = _wrong_days(from_on, until_on, today=clock.day_of(at))
        if len(reason) > MAX_REASON:
            problems["reason"] = _("事由最多 %(most)s 个字。") % {"most": MAX_REASON}
        people = _locked({person_id, substitute_id})
        problems |= _wrong_people(people, person_id, substitute_id, department_id, at)
        if not problems:
            problems = _collisions(people, person_id, substitute_id, department_id, from_on, until_on)
        if problems:
            raise InvalidInput(fields=problems)
        if actor.user_id is None:
            raise NotAllowed
        delegation = Delegation.objects.create(
            person_id=person_id,
            substitute_id=substitute_id,
            department_id=department_id,
            from_on=from_on,
            until_on=until_on,
            reason=reason.strip(),
            given_by_id=actor.user_id,
            given_at=at,
        )
        record(
            "absence.arranged",
            actor=actor,
            at=at,
            subject=delegation,
            person=person_id,
            substitute=substitute_id,
            department=department_id,
            from_on=from_on,
            until_on=until_on,
        )
        outbox.emit("accounts.absence.arranged", at=at, id=delegation.pk)
        return delegation


def end_substitution(*, delegation_id: int, actor: Actor, at: datetime) -> Delegation:
    """End a substitution now, before its last day; what the substitute did meanwhile stays his.

    :raises NotFound: there is none that the actor may know of
    :raises NotAllowed: it is not his to end
    :raises AbsenceIsOver: its days have passed, or somebody ended it
    """
    with operation():
        delegation = (
            Delegation.objects.visible_to(actor)
            .select_for_update(of=("self",), no_key=True)
            .filter(pk=delegation_id)
            .first()
        )
        if delegation is None:
            raise NotFound
        policies.require(policies.can_end_absence(actor, delegation))
        if delegation.is_over(clock.day_of(at)):
            raise AbsenceIsOver
        delegation.ended_by_id, delegation.ended_at = actor.user_id, at
        delegation.save(update_fields=["ended_by", "ended_at"])
        record(
            "absence.ended",
            actor=actor,
            at=at,
            subject=delegation,
            person=delegation.person_id,
            substitute=delegation.substitute_id,
            department=delegation.department_id,
        )
        outbox.emit("accounts.absence.ended", at=at, id=delegation.pk)
        return delegation


def _locked(ids: Iterable[int]) -> dict[int, User]:
    """Lock both people, sorted: two arrangements that would make a chain of them wait for each other."""
    rows = User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids, is_active=True).order_by("pk")
    return {row.pk: row for row in rows}


def _wrong_days(from_on: date, until_on: date, *, today: date) -> dict[str, str]:
    if from_on < today:
        return {"from_on": _("不能从过去的日子开始，最早是今天。")}
    if until_on < from_on:
        return {"until_on": _("结束的日子不能早于开始的日子。")}
    if (until_on - from_on).days >= MAX_DAYS:
        return {"until_on": _("一次最多 %(most)s 天；更久不在岗请调整角色。") % {"most": MAX_DAYS}}
    return {}


def _wrong_people(
    people: dict[int, User], person_id: int, substitute_id: int, department_id: str, at: datetime
) -> dict[str, str]:
    needed = _acts(person_id, department_id, at) if person_id in people else {}
    if not needed:
        return {"person": _("这个人在本部门没有审批环节，不用找代办人。")}
    if substitute_id == person_id:
        return {"substitute": _("代办人不能是本人，请选一位同事。")}
    if substitute_id not in people:
        return {"substitute": _("没有这个人，或他的账号已停用。请从列表里选。")}
    missing = needed.keys() - _acts(substitute_id, department_id, at).keys()
    if missing:
        return {
            "substitute": _("%(name)s 在本部门没有同样的权限（%(acts)s），不能代办。请选同岗位的同事。")
            % {
                "name": people[substitute_id].name,
                "acts": _("、").join(needed[act] for act in sorted(missing)),
            }
        }
    return {}


def _acts(user_id: int, department_id: str, at: datetime) -> dict[str, str]:
    """Return what a person's roles allow in a department: act -> its name."""
    return dict(
        Membership.objects.active(at)
        .in_working_bodies()
        .filter(
            user_id=user_id,
            department_id=department_id,
            role__is_active=True,
            role__grants__scope=Scope.DEPARTMENT,
        )
        .values_list("role__grants__act", "role__grants__name")
    )


def _collisions(
    people: dict[int, User], person_id: int, substitute_id: int, department_id: str, from_on: date, until_on: date
) -> dict[str, str]:
    """Find what stands in the way: another substitute on the same days, or a substitute of a substitute."""
    rows = (
        Delegation.objects.overlapping(from_on, until_on)
        .filter(department_id=department_id)
        .select_related("person", "substitute")
        .order_by("from_on", "pk")
    )
    for row in rows:
        words = {
            "person": row.person.name,
            "substitute": row.substitute.name,
            "from": formats.date_format(row.from_on, "SHORT_DATE_FORMAT"),
            "until": formats.date_format(row.until_on, "SHORT_DATE_FORMAT"),
        }
        if row.person_id == person_id:
            said = _("%(person)s 在 %(from)s 至 %(until)s 已由 %(substitute)s 代办。请换个日期，或先结束那一次。")
            return {"from_on": said % words}
        if row.person_id == substitute_id:
            said = _("%(person)s 在 %(from)s 至 %(until)s 自己也不在岗。请另选一位同事。")
            return {"substitute": said % words}
        if row.substitute_id == person_id:
            said = _("%(substitute)s 在 %(from)s 至 %(until)s 正代 %(person)s 办理。请先给 %(person)s 另找代办人。")
            return {"person": said % words}
    return {}
