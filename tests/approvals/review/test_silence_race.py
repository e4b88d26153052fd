"""Real threads against PostgreSQL: a clerk accepts in the moment in which silence does."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import ApplicationState, NoticeKind
from approvals.review import operations as review
from approvals.review.models import Case
from portal.core.actor import Actor
from portal.core.transitions import TransitionRefused

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_accepted_once_whoever_is_quicker(waiting: Application, clerk_actor: Actor, at: datetime) -> None:
    late = at + timedelta(days=14)
    barrier = threading.Barrier(3)
    done: list[str] = []

    def run(name: str) -> None:
        barrier.wait()
        try:
            if name == "clerk":
                review.accept(application_id=waiting.pk, actor=clerk_actor, at=late)
                done.append(name)
            elif review.accept_silent(at=late):
                done.append(name)
        except TransitionRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("clerk", "sweep", "another sweep")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(done) == 1
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.ACCEPTED
    assert waiting.timer is not None
    assert waiting.timer.is_deemed
    assert ApplicationNotice.objects.filter(application=waiting, kind=NoticeKind.ACCEPTANCE).count() == 1
    items = list(Case.objects.filter(application=waiting).values_list("service_item_id", flat=True))
    assert len(items) == len(set(items)) > 0
