"""Twenty-five stages of ten one-step items, the ten last tasks of each completed in the same moment."""

from datetime import datetime

import pytest

from approvals.applications.states import ApplicationState
from approvals.review import operations as review
from approvals.review.models import Decision, ReviewTask, StageRun
from approvals.review.states import TASK_OPEN, StageState
from portal.core import audit
from portal.core.models import OutboxMessage
from tests.approvals.review.fire import together
from tests.bench import city
from tests.factories import review as factory

STAGES = 25


@pytest.mark.django_db(transaction=True)
def test_25_stages_with_10_reviewers_each_are_25_conclusions(at: datetime) -> None:
    city.load_pack()
    clerk, handlers = city.clerk(), city.handlers()
    for _ in range(STAGES):
        application = city.an_application(at)
        review.accept(application_id=application.pk, actor=clerk, at=at)
        tasks = list(ReviewTask.objects.filter(case__application=application, state__in=TASK_OPEN))
        assert len(tasks) == city.ITEMS

        results = together(
            [("complete", {"task_id": task.pk, "user": handlers[task.department_id].user_id}) for task in tasks],
            at=at,
        )

        assert results == ["done"] * city.ITEMS
        application.refresh_from_db()
        assert application.state == ApplicationState.COMPLETED

    concluded = OutboxMessage.objects.filter(topic="review.stage.concluded")
    assert concluded.count() == len({message.payload["id"] for message in concluded}) == STAGES
    _flow, stage = city.place()
    assert StageRun.objects.filter(stage=stage, state=StageState.CONCLUDED).count() == STAGES
    assert Decision.objects.count() == STAGES * city.ITEMS
    assert len(set(Decision.objects.values_list("number", flat=True))) == STAGES * city.ITEMS
    assert all(audit.verify(stream) is None for stream in audit.streams())


@pytest.mark.django_db(transaction=True)
def test_ten_double_clicks_are_ten_decisions(at: datetime) -> None:
    city.load_pack()
    clerk, handlers = city.clerk(), city.handlers()
    application = city.an_application(at)
    review.accept(application_id=application.pk, actor=clerk, at=at)
    tasks = ReviewTask.objects.filter(case__application=application, state__in=TASK_OPEN)
    acts = [("complete", {"task_id": task.pk, "user": handlers[task.department_id].user_id}) for task in tasks]

    results = together([*acts, *acts], at=at)

    assert sorted(set(results)) == ["TransitionRefused", "done"]
    assert results.count("done") == city.ITEMS
    assert Decision.objects.filter(case__application=application).count() == city.ITEMS
    assert not OutboxMessage.objects.filter(topic="review.stage.concluded").count() > 1
    assert factory.run_of(application.project, application.stage).state == StageState.CONCLUDED
