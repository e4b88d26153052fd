"""What the paper of a session says beside its conclusion. Reads, never writes."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from approvals.joint.models import Session
from portal.ui import words
from projects.catalogue import queries as catalogues


def rows(session: Session) -> list[list[str]]:
    """Return label and value in the order of the paper; bodies only, since whoever has the code reads it.

    Papers are in the language of the law, whatever the interface of who concludes speaks.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return [[label, value] for label, value in _rows(session)]


def _rows(session: Session) -> Iterator[tuple[str, str]]:
    project = session.project
    catalogue = catalogues.catalogue(project.pack_version_id)
    yield _("建设单位"), project.owner.name
    yield _("项目名称"), project.name
    yield _("项目代码"), project.code or ""
    if session.stage_run.unit is not None:
        yield _("工程代码"), session.stage_run.unit.code
    yield _("阶段"), catalogue.stages[session.stage_run.stage].name
    if session.held_at is not None:
        yield _("召开"), f"{words.day(session.held_at, year=True)} {session.place}"
    yield _("参加部门"), _("、").join(row.department.name for row in session.participants.select_related("department"))
    points = list(session.points.all())
    if points:
        mended = sum(not point.is_open for point in points)
        yield (
            _("问题清单"),
            _("共 %(all)d 条，已消除 %(mended)d 条，复验 %(rounds)d 次")
            % {"all": len(points), "mended": mended, "rounds": session.round},
        )
