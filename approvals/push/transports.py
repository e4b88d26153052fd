"""How a delivery reaches its receiver. One function per way; each raises TransportFailed or returns."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from approvals.push.models import Delivery
from approvals.push.states import Receiver
from portal.notices import operations as notices
from projects.archive import operations as archive
from projects.registry import operations as registry


class TransportFailed(Exception):
    """The receiver could not be reached; the message is short and for the console."""


Transport = Callable[[Delivery, datetime], None]


def to_department(delivery: Delivery, at: datetime) -> None:
    """Put the result into a department's inbox of deliveries: it may see the project and read the paper."""
    department = delivery.department
    if department is None or not department.is_active:
        raise TransportFailed(_("接收部门已停用，请改派后再发。"))
    registry.grant_access(project_id=delivery.project_id, department_id=department.pk, reason=delivery.title, at=at)
    document_id = delivery.payload.get("document")
    if document_id is not None:
        archive.grant(document_id=document_id, department_id=department.pk, reason=delivery.title, at=at)


def to_applicant(delivery: Delivery, at: datetime) -> None:
    """Tell the applicant's people that the result is there."""
    enterprise = delivery.enterprise
    if enterprise is None or not enterprise.is_active:
        raise TransportFailed(_("申请单位的账户已停用，请改为窗口送达。"))
    notices.send(
        enterprise_id=enterprise.pk,
        kind="push.delivery.sent",
        title=delivery.title[:120],
        body=_("文号 %(number)s。可以在“结果与送达”下载并签收。") % {"number": delivery.payload.get("number", "")},
        url=delivery.payload.get("url", ""),
        dedupe_key=f"delivery-{delivery.pk}",
        at=at,
    )


def to_archive(delivery: Delivery, at: datetime) -> None:
    """Check that the paper lies in the project's archive, where certificates filed it."""
    if delivery.payload.get("document") is None:
        raise TransportFailed(_("档案里没有这份文书，请先重新制作。"))


TRANSPORTS: Mapping[str, Transport] = {
    Receiver.DEPARTMENT: to_department,
    Receiver.APPLICANT: to_applicant,
    Receiver.ARCHIVE: to_archive,
}
