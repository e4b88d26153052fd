"""A task and a case as machines read them."""

from datetime import date
from typing import Any

from approvals.deadlines import queries as deadlines
from approvals.review import policies, queries, routing
from approvals.review.models import Case, ReviewTask
from portal.core import clock
from portal.core.actor import Actor


def task_shown(task: ReviewTask, today: date) -> dict[str, Any]:
    """Give one open step."""
    timer = task.case.timer
    return {
        "id": task.pk,
        "case": task.case_id,
        "item": task.case.service_item.code,
        "item_name": task.case.service_item.name,
        "project": task.case.project.code,
        "project_name": task.case.project.name,
        "department": task.department_id,
        "step": task.step,
        "deciding": task.is_deciding,
        "conclusions": [choice.value for choice in routing.conclusions_for(deciding=task.is_deciding)],
        "state": task.state,
        "assignee": task.assignee.username if task.assignee else None,
        "opened_at": task.opened_at,
        "light": timer.light_on(today).value,
        "due_on": deadlines.promised_due_on(timer, today),
    }


def case_shown(case: Case, actor: Actor) -> dict[str, Any]:
    """Give a case as far as the actor may read it."""
    today = clock.today()
    timer = case.timer
    decision = getattr(case, "decision", None)
    internal = policies.can_read_opinions(actor, case)
    return {
        "id": case.pk,
        "number": case.number,
        "item": case.service_item.code,
        "item_name": case.service_item.name,
        "department": case.department_id,
        "project": case.project.code,
        "application": case.application_id,
        "stage": case.application.stage,
        "state": case.state,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "timer": {
            "received_on": timer.received_on,
            "accepted_on": timer.accepted_on,
            "promised_days": timer.promised_days,
            "statutory_days": timer.statutory_days,
            "unit": timer.unit,
            "promised_due_on": deadlines.promised_due_on(timer, today),
            "statutory_due_on": deadlines.statutory_due_on(timer, today),
            "light": timer.light_on(today).value,
            "state": timer.state,
        },
        "tasks": [
            {
                "id": task.pk,
                "step": task.step,
                "state": task.state,
                "opened_at": task.opened_at,
                "done_at": task.done_at,
            }
            for task in case.tasks.order_by("pk")
        ],
        "opinions": [
            {
                "step": opinion.step,
                "conclusion": opinion.conclusion,
                "opinion": opinion.text,
                "author": opinion.author_name,
                "on_behalf_of": opinion.on_behalf_of_name or None,
                "given_at": opinion.given_at,
            }
            for opinion in (case.opinions.order_by("pk") if internal else ())
        ],
        "holds": [
            {
                "id": hold.pk,
                "reason": hold.reason,
                "clock": hold.clock,
                "kind": hold.kind or None,
                "expected_days": hold.expected_days,
                "owner": hold.owner or None,
                "opened_at": hold.opened_at,
                "released_at": hold.released_at,
            }
            for hold in case.holds.order_by("pk")
        ],
        "version": case.version,
        "round": case.round,
        "extensions": [
            {
                "id": extension.pk,
                "state": extension.state,
                "days": extension.days,
                "reason": extension.reason,
                "asked_at": extension.asked_at,
                "decided_at": extension.decided_at,
            }
            for extension in case.extensions.order_by("pk")
        ],
        "decision": None
        if decision is None
        else {
            "outcome": decision.outcome,
            "kind": decision.kind,
            "basis": decision.basis,
            "number": decision.number,
            "title": decision.title,
            "reason": decision.reason,
            "attributes": decision.attributes,
            "decided_at": decision.decided_at,
        },
        "earlier_results": [
            {
                "item": result.item,
                "title": result.title,
                "number": result.number,
                "decided_on": result.decided_on,
                "attributes": {stated.label: stated.value for stated in result.attributes},
                "document": result.document_id,
            }
            for result in queries.earlier_results(case)
        ],
    }
