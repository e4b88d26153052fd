"""Letters of the departments after acceptance; what they say is composed by the slice that acts."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from approvals.applications import queries
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.operations import papers
from approvals.applications.states import NoticeKind
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of a letter, ready to be set.

    :param summary: one sentence for the message to the applicant
    :param rows: label and value
    :param table: `head` (words) and `rows` (of words), numbered when set
    :param box: what must not be overlooked, above all dates
    :param remedy: what can be done against it
    """

    summary: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    table: dict[str, Any] | None = None
    box: tuple[str, ...] = ()
    basis: str = ""
    remedy: str = ""

    def content(self) -> dict[str, Any]:
        """Give what the paper keeps of it."""
        return asdict(self)


def issue_letter(
    application: Application,
    *,
    kind: NoticeKind,
    letter: Letter,
    department: str,
    actor: Actor,
    at: datetime,
    case_id: int | None = None,
    case: str = "",
    item: str = "",
) -> ApplicationNotice:
    """Write a letter of a department under the next number of its series; the caller holds the locks.

    :param department: whose letter it is
    :param case: number of the case it speaks of; none when it speaks of the whole stage
    """
    organ = queries.catalogue_of(application).departments[department]
    return papers.issue(
        application,
        kind=kind,
        organ=organ,
        actor=actor,
        at=at,
        department=department,
        case_id=case_id,
        case=case,
        item=item,
        **letter.content(),
    )
