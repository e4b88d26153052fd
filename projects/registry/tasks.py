"""Celery entry points of the registry."""

from celery import shared_task

from portal.core import clock
from portal.core.actor import Actor
from projects.registry import gateways, queries
from projects.registry import operations as registry


@shared_task(ignore_result=True)
def request_codes(**_ignored: object) -> int:
    """Ask the platform for the codes that are due and return how many were asked for; asked for by the beat."""
    issuer = gateways.issuer()
    if issuer.immediate:
        return 0
    actor = Actor.system("code-platform")
    return sum(
        registry.request_code(project_id=project_id, issuer=issuer, actor=actor, at=clock.now())
        for project_id in queries.due_code_requests(clock.now())
    )
