"""What the report says beside its findings. Reads, never writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from blueprint.checks.models import CheckRun
from blueprint.reports.pages import corners, verdict_of
from portal.ui import words as say

#: corners that are printed at most; a site with more is handed out as a file
MOST_CORNERS = 400


@dataclass(frozen=True, slots=True)
class CornerTable:
    """The corners of the site in metres: X is north, Y is east, as surveyors write them."""

    rows: tuple[tuple[str, str, str, str], ...]
    """Name, ring, X, Y."""
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.rows)

    @property
    def pairs(self) -> list[tuple[tuple[str, str, str, str], ...]]:
        """Give the rows two by two, as they stand beside each other on the page; the last one may stand beside none."""
        rows = [*self.rows, ("", "", "", "")] if len(self.rows) % 2 else list(self.rows)
        return list(zip(rows[::2], rows[1::2], strict=True))


def rows(run: CheckRun) -> list[list[str]]:
    """Return label and value of what anybody with the code may know; bodies only, no persons."""
    found = list(run.findings.all())
    return [[label, value] for label, value in (*_subject(run), (_("核查结论"), verdict_of(found)[1]))]


def facts(run: CheckRun) -> list[tuple[str, str]]:
    """Return label and value of what was checked, in the order of the paper."""
    return [*_subject(run), *_circumstances(run)]


def _subject(run: CheckRun) -> Iterator[tuple[str, str]]:
    """Say whose land was checked, and how much of it."""
    version = run.version
    if version is None:
        return
    site = version.site
    if site.project is not None:
        yield _("项目名称"), site.project.name
        yield _("项目代码"), site.project.code or ""
        yield _("建设单位"), site.project.owner.name
    else:
        yield _("意向名称"), site.title
    yield _("用地面积"), _("%(area)s 平方米（坐标计算）") % {"area": say.number(version.area_m2, 2)}


def _circumstances(run: CheckRun) -> Iterator[tuple[str, str]]:
    """Say what was declared, who entered the boundary, and when it was checked."""
    version = run.version
    if version is None:
        return
    if version.declared_m2 is not None:
        yield _("申报面积"), _("%(area)s 平方米") % {"area": say.number(version.declared_m2, 2)}
    yield (
        _("红线"),
        _("第 %(number)s 版，%(day)s %(name)s 录入")
        % {"number": version.number, "day": say.short_day(version.entered_at, year=True), "name": version.entered_by},
    )
    yield _("坐标系"), f"CGCS2000，EPSG:{run.work_crs}"
    if run.finished_at is not None:
        yield (
            _("核查时间"),
            f"{say.short_day(run.finished_at, year=True)} {say.clock_time(run.finished_at)}",
        )


def corner_table(site: BaseGeometry) -> CornerTable:
    """List the corners of a site."""
    found = corners(site)
    shown = tuple((name, str(ring), f"{north:.2f}", f"{east:.2f}") for name, ring, east, north in found[:MOST_CORNERS])
    return CornerTable(shown, len(found))
