"""What the review does when something below it has happened."""

from datetime import datetime
from typing import Any

from approvals.review import operations as review
from portal.core import outbox


@outbox.handler("registry.project.registered", name="review.open_stages")
def open_stages(payload: dict[str, Any], at: datetime) -> None:
    """Lay out the stages of a project whose code came later from a platform."""
    review.open_stages(project_id=payload["id"], at=at)


@outbox.handler("registry.facts.recorded", name="review.recheck_facts")
def recheck_facts(payload: dict[str, Any], at: datetime) -> None:
    """Open what waited for an item that no longer applies."""
    review.recheck(project_id=payload["id"], at=at)


@outbox.handler("registry.flow.overridden", name="review.recheck_flow")
def recheck_flow(payload: dict[str, Any], at: datetime) -> None:
    """Look at the stages again: another flow has other items."""
    review.open_stages(project_id=payload["id"], at=at)


@outbox.handler("registry.flow.changed", name="review.recheck_changed_flow")
def recheck_changed_flow(payload: dict[str, Any], at: datetime) -> None:
    """The same, when the facts and not the window chose another flow."""
    review.open_stages(project_id=payload["id"], at=at)


@outbox.handler("review.stage.concluded", name="review.keep_stage_time")
def keep_stage_time(payload: dict[str, Any], at: datetime) -> None:
    """Count how long a concluded stage took, for the dashboard."""
    review.keep_stage_time(run_id=payload["id"], at=at)


@outbox.handler("review.stage.reopened", name="review.tell_reopened")
def tell_reopened(payload: dict[str, Any], at: datetime) -> None:
    """Tell those concerned that a stage is open again."""
    review.tell_reopened(run_id=payload["id"], at=at)


@outbox.handler("deadlines.timer.backdated", name="review.recount_stage_time")
def recount_stage_time(payload: dict[str, Any], at: datetime) -> None:
    """Count a concluded stage again when something in it was written down late."""
    review.recount_stage_time(timer_id=payload["id"], at=at)


@outbox.handler("deadlines.timers.moved", name="review.follow_calendar")
def follow_calendar(payload: dict[str, Any], at: datetime) -> None:
    """Note that a new calendar has moved due days."""
    key = f"deadlines.recount/{payload['recount']}/{payload['batch']}"
    review.follow_calendar(moved=payload["timers"], key=key, at=at)


@outbox.handler("deadlines.recount.ended", name="review.tell_moved")
def tell_moved(payload: dict[str, Any], at: datetime) -> None:
    """Tell those concerned, once, what a new calendar has moved for them."""
    review.tell_moved(recount_id=payload["id"], at=at)


@outbox.handler("applications.application.completed", name="review.tell_comments")
def tell_comments(payload: dict[str, Any], at: datetime) -> None:
    """Send the applicant all departments' comments in one notice, now that every case of the stage has ended."""
    review.tell_comments(application_id=payload["id"], at=at)


@outbox.handler("review.task.assigned", name="review.tell_assigned")
def tell_assigned(payload: dict[str, Any], at: datetime) -> None:
    """Tell a person of the task he was given."""
    review.tell_assigned(task_id=payload["id"], at=at)


@outbox.handler("review.task.reassigned", name="review.tell_reassigned")
def tell_reassigned(payload: dict[str, Any], at: datetime) -> None:
    """Tell the person who was given a task, and the one who had it."""
    review.tell_reassigned(task_id=payload["id"], before_id=payload["before"], at=at)
