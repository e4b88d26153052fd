"""Who acts in the stories: the people of the pack, by what their roles allow."""

from __future__ import annotations

from random import Random

from portal.accounts import actors
from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor


class Cast:
    """The demo's people as actors, built once: their roles do not change while the stories are told."""

    def __init__(self) -> None:
        users = User.objects.filter(is_demo=True, is_active=True).order_by("username")
        self._actors = [actors.build(user) for user in users]
        self._enterprises = {row.uscc: row.pk for row in Enterprise.objects.all()}

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nobody to act."""
        return not self._actors

    def enterprise(self, uscc: str) -> int:
        """Return the id of an enterprise."""
        return self._enterprises[uscc]

    def applicant(self, enterprise_id: int) -> Actor:
        """Return the person who signs for an enterprise."""
        return next(
            actor
            for actor in self._actors
            if enterprise_id in actor.enterprise_ids and actor.may_own("application.submit")
        )

    def agent(self, username: str) -> Actor:
        """Return a person by login as he is now, with the mandates he has been given meanwhile."""
        return actors.build(User.objects.get(username=username))

    def person(self, user_id: int) -> Actor:
        """Return a person by id."""
        return next(actor for actor in self._actors if actor.user_id == user_id)

    def window(self) -> Actor:
        """Return the one at the window who types in what came on paper: a draft belongs to who began it."""
        return next(actor for actor in self._actors if actor.citywide("application.enter_paper"))

    def clerk(self, dice: Random) -> Actor:
        """Return somebody at the window."""
        return dice.choice([actor for actor in self._actors if actor.citywide("application.accept")])

    def member(self, act: str, department: str, dice: Random, *, without: frozenset[int] = frozenset()) -> Actor | None:
        """Return somebody of a department who may do an act and has not done another step; None when nobody is left."""
        fit = [
            actor
            for actor in self._actors
            if actor.user_id not in without
            and department in actor.departments
            and actor.may(act, department=department)
        ]
        return dice.choice(fit) if fit else None
