"""Set another flow than the computed one."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit import operation
from projects.catalogue import queries as catalogue_queries
from projects.catalogue import values
from projects.registry import policies
from projects.registry.models import Project
from projects.registry.operations.locks import lock_open

MAX_REASON = 500


class SameFlow(Conflict):
    """The project runs under this flow already."""

    code = "same_flow"
    message = gettext_lazy("项目现在就是这个流程，不用改。")


def override_flow(*, project_id: int, flow: str, reason: str, actor: Actor, at: datetime) -> Project:
    """Let the window set a project's flow, with its reason; the computed one is kept beside it.

    :raises NotAllowed: the actor may not
    :raises InvalidInput: unknown flow, or no reason
    :raises SameFlow: nothing would change
    :raises ProjectIsOver: the project was closed or withdrawn
    """
    with operation():
        project = lock_open(project_id)
        policies.require(policies.can_override_flow(actor))
        catalogue = catalogue_queries.catalogue(project.pack_version_id)
        problems: dict[str, str] = {}
        if flow not in catalogue.flows:
            problems["flow"] = _("没有这个审批流程。请从列表里选择。")
        try:
            reason = values.line(reason, MAX_REASON)
            if not reason:
                problems["reason"] = _("请写明改用流程的理由。")
        except values.ValueFault as fault:
            problems["reason"] = fault.message
        if problems:
            raise InvalidInput(fields=problems)
        if flow == project.flow:
            raise SameFlow
        before = project.flow
        computed = catalogue.flows[project.computed_flow].name
        with translation.override(settings.LANGUAGE_CODE):
            project.flow_reason = _("窗口改用“%(flow)s”：%(reason)s（按条件应为“%(computed)s”）") % {
                "flow": catalogue.flows[flow].name,
                "reason": reason,
                "computed": computed,
            }
        project.flow = flow
        project.override_reason = reason
        project.save(update_fields=["flow", "flow_reason", "override_reason"])
        audit.record(
            stream=project.audit_stream,
            action="registry.flow.overridden",
            actor=actor,
            at=at,
            subject=project,
            data={"from": before, "to": flow, "computed": project.computed_flow, "reason": reason},
        )
        outbox.emit("registry.flow.overridden", at=at, id=project.pk)
        return project
