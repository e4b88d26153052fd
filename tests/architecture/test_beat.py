"""The beat schedule names tasks by string; here the names are looked up."""

from django.conf import settings

from portal.celery import app


def test_every_scheduled_task_exists_and_can_run_without_arguments() -> None:
    app.loader.import_default_modules()
    assert settings.CELERY_BEAT_SCHEDULE
    for entry, plan in settings.CELERY_BEAT_SCHEDULE.items():
        assert plan["task"] in app.tasks, f"{entry}: no task {plan['task']}"
        task = app.tasks[plan["task"]]
        task.__header__(*plan.get("args", ()), **plan.get("kwargs", {}))


def test_every_route_leads_a_task_that_exists_to_a_queue_that_has_a_worker() -> None:
    app.loader.import_default_modules()
    assert settings.CELERY_TASK_DEFAULT_QUEUE in settings.CELERY_TASK_QUEUES
    for name, route in settings.CELERY_TASK_ROUTES.items():
        assert name in app.tasks
        assert route["queue"] in settings.CELERY_TASK_QUEUES


def test_no_task_is_scheduled_twice() -> None:
    tasks = [plan["task"] for plan in settings.CELERY_BEAT_SCHEDULE.values()]
    assert sorted(tasks) == sorted(set(tasks))
