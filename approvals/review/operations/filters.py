"""A person's own filters of his inbox. They are his alone and no act of the authority, so the record keeps none."""

from dataclasses import asdict

from django.utils.translation import gettext as _

from approvals.review import policies
from approvals.review.models import SavedFilter
from approvals.review.queries.tasklist import Filters
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit import operation

#: saved filters of one person at most
MOST = 20


def save_filter(*, name: str, filters: Filters, actor: Actor) -> SavedFilter:
    """Keep a set of filters under a name.

    :raises InvalidInput: `fields["name"]`: no name, one he has already, or too many filters
    """
    with operation():
        person_id = _lock_person(actor)
        names = set(SavedFilter.objects.filter(person_id=person_id).values_list("name", flat=True))
        if len(names) >= MOST:
            raise InvalidInput(fields={"name": _("最多存 %(most)s 个筛选，请先删掉不用的。") % {"most": MOST}})
        return SavedFilter.objects.create(person_id=person_id, name=_checked(name, names), **asdict(filters))


def rename_filter(*, filter_id: int, name: str, actor: Actor) -> SavedFilter:
    """Give a saved filter another name.

    :raises NotFound: there is none, or it is somebody else's
    :raises InvalidInput: `fields["name"]`: no name, or one he has already
    """
    with operation():
        person_id = _lock_person(actor)
        saved = _own(filter_id, person_id)
        others = SavedFilter.objects.filter(person_id=person_id).exclude(pk=saved.pk)
        saved.name = _checked(name, set(others.values_list("name", flat=True)))
        saved.save(update_fields=["name"])
        return saved


def set_default_filter(*, filter_id: int, actor: Actor, default: bool = True) -> SavedFilter:
    """Open the inbox with this filter from now on, or with none; at most one is the default.

    :raises NotFound: there is none, or it is somebody else's
    """
    with operation():
        person_id = _lock_person(actor)
        saved = _own(filter_id, person_id)
        if default:
            SavedFilter.objects.filter(person_id=person_id, is_default=True).exclude(pk=saved.pk).update(
                is_default=False
            )
        saved.is_default = default
        saved.save(update_fields=["is_default"])
        return saved


def delete_filter(*, filter_id: int, actor: Actor) -> None:
    """Drop a saved filter.

    :raises NotFound: there is none, or it is somebody else's
    """
    with operation():
        _own(filter_id, _lock_person(actor)).delete()


def _lock_person(actor: Actor) -> int:
    """Let a person change his filters one after the other: their number and the one default are counted."""
    person_id = policies.person_id(actor)
    User.objects.select_for_update(no_key=True).only("pk").get(pk=person_id)
    return person_id


def _own(filter_id: int, person_id: int) -> SavedFilter:
    saved = SavedFilter.objects.filter(pk=filter_id, person_id=person_id).first()
    if saved is None:
        raise NotFound
    return saved


def _checked(name: str, taken: set[str]) -> str:
    words = " ".join(name.split())
    if not words:
        raise InvalidInput(fields={"name": _("请给筛选起个名字。")})
    if len(words) > 20:
        raise InvalidInput(fields={"name": _("名字最多 20 个字。")})
    if words in taken:
        raise InvalidInput(fields={"name": _("已有叫“%(name)s”的筛选，请换个名字。") % {"name": words}})
    return words
