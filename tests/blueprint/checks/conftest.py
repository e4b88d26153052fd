"""Sites and runs for the tests of the checks."""

from datetime import datetime

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from blueprint.checks.models import CheckRun
from blueprint.checks.states import RunKind
from blueprint.siting.models import Site, SiteVersion
from blueprint.siting.states import SiteOrigin
from portal.accounts.models import Enterprise, User
from portal.citypack.models import PackVersion
from projects.registry.models import Project
from tests.cast import PLANNING, as_actor
from tests.factories.projects import a_project

EAST, NORTH = 38_440_000, 2_465_000


def rectangle(east: float, north: float) -> MultiPolygon:
    """Return a rectangle from the contract's corner."""
    return MultiPolygon(Polygon.from_bbox((EAST, NORTH, EAST + east, NORTH + north)))


def a_version(site: Site, *, at: datetime, number: int = 1, **more: object) -> SiteVersion:
    """Return a version of a site, the rectangle of the contract's examples."""
    geom = more.pop("geom", None) or rectangle(300, 200)
    return SiteVersion.objects.create(
        site=site,
        number=number,
        origin=SiteOrigin.DRAWN,
        work_crs=4526,
        source_crs="EPSG:4526",
        geom=geom,
        area_m2=geom.area,
        entered_at=at,
        entered_by="测试",
        **more,
    )


@pytest.fixture
def project(enterprise: Enterprise, applicant: User, at: datetime) -> Project:
    return a_project(owner=enterprise, actor=as_actor(applicant), at=at)


@pytest.fixture
def version(project: Project, at: datetime) -> SiteVersion:
    """The boundary of a project's site."""
    return a_version(Site.objects.create(project=project, opened_at=at), at=at)


@pytest.fixture
def idea_version(pack: PackVersion, at: datetime) -> SiteVersion:
    """The boundary of an idea of the planning department."""
    return a_version(Site.objects.create(title="湾区学校", department_id=PLANNING, opened_at=at), at=at)


def a_run(*, pack: PackVersion, at: datetime, version: SiteVersion | None = None, **more: object) -> CheckRun:
    """Return a queued run."""
    kind = RunKind.SITE if version else RunKind.CONFLICT
    return CheckRun.objects.create(
        **{"kind": kind, "version": version, "pack_version": pack, "work_crs": 4526, "queued_at": at, **more}
    )
