"""A run that stands, of a project's site: farmland touched, another use, a masked zone, a plan conflict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry

from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.checks.states import RunKind, RunState
from blueprint.layers.models import Edition
from blueprint.siting.models import Site, SiteVersion
from blueprint.siting.states import SiteOrigin
from portal.accounts.models import Enterprise, User
from portal.citypack.models import PackVersion
from projects.registry.models import Project
from tests.cast import PLANNING, as_actor
from tests.factories.blueprint import a_box, a_small_city, an_edition, feature, geos
from tests.factories.projects import a_project


@pytest.fixture
def city(pack: PackVersion) -> dict[str, Edition]:
    """The ground around the site."""
    found = a_small_city()
    found["L06.02.04"] = an_edition("L06.02.04", [feature(a_box(0, 0, 20, 20), "SECRET")])
    return found


@pytest.fixture
def project(enterprise: Enterprise, applicant: User, at: datetime) -> Project:
    return a_project(owner=enterprise, actor=as_actor(applicant), at=at)


@pytest.fixture
def site(project: Project, at: datetime) -> Site:
    return Site.objects.create(project=project, opened_at=at)


@pytest.fixture
def idea(pack: PackVersion, at: datetime) -> Site:
    """An idea of the planning department."""
    return Site.objects.create(title="湾区学校", department_id=PLANNING, opened_at=at)


def a_version(site: Site, *, at: datetime, number: int = 1, west: float = 400.0) -> SiteVersion:
    """Store a boundary of 200 m by 300 m at the edge of the town."""
    geom = geos(a_box(west, 100, 600, 400))
    return SiteVersion.objects.create(
        site=site,
        number=number,
        origin=SiteOrigin.DRAWN,
        work_crs=4526,
        source_crs="EPSG:4526",
        geom=geom,
        area_m2=geom.area,
        declared_m2=60_500,
        repairs=[{"code": "make_valid"}],
        entered_at=at,
        entered_by="测绘院",
    )


def a_run(version: SiteVersion, city: dict[str, Edition], pack: PackVersion, *, at: datetime, **more: Any) -> CheckRun:
    """Store a run that stands, without findings."""
    result = {
        "area_m2": version.area_m2,
        "totals": [
            {"check": "chk_3lines", "layer": "L04.01.02", "edition": "2026", "overlap_m2": 3000.0, "share": 0.05,
             "result": "fail"},
            {"check": "chk_control", "layer": "L06.01.03", "edition": "2026", "overlap_m2": 0.0, "share": 0.0,
             "result": "pass"},
            {"check": "chk_control", "layer": "L06.02.04", "edition": "2026", "overlap_m2": None, "share": None,
             "result": "warn", "masked": True},
        ],
        "skipped": [{"check": "chk_3lines", "layer": "L04.01.01", "reason": "no_edition"},
                    {"check": "chk_indic", "layer": "L05.01.04", "reason": "not_declared"}],
    }  # fmt: skip
    editions = [
        {"layer": code, "edition": edition.name, "edition_id": edition.pk} for code, edition in sorted(city.items())
    ]
    return CheckRun.objects.create(
        **{
            "kind": RunKind.SITE,
            "version": version,
            "pack_version": pack,
            "work_crs": 4526,
            "editions": editions,
            "state": RunState.DONE,
            "result": result,
            "engine": "GEOS 3.13.1",
            "queued_at": at,
            "started_at": at,
            "finished_at": at,
            "asked_by": "规承",
            **more,
        }
    )


def a_finding(run: CheckRun, number: int, **more: Any) -> Finding:
    return Finding.objects.create(**{"run": run, "number": number, "severity": "stop", **more})


@pytest.fixture
def version(site: Site, at: datetime) -> SiteVersion:
    return a_version(site, at=at)


@pytest.fixture
def run(version: SiteVersion, city: dict[str, Edition], pack: PackVersion, at: datetime) -> CheckRun:
    """A run with findings of every sort."""
    return filled(a_run(version, city, pack, at=at), city)


def filled(run: CheckRun, city: dict[str, Edition]) -> CheckRun:
    """Give a run its findings and patches."""

    def shape(*sides: float) -> GEOSGeometry:
        return geos(a_box(*sides))

    blocks = {"layer_id": "L05.01.04", "edition": city["L05.01.04"]}
    a_finding(run, 1, check_code="chk_3lines", layer_id="L04.01.02", edition=city["L04.01.02"], feature="JN1",
              overlap_m2=3000.0, share=0.05, geom=shape(590, 100, 600, 400))  # fmt: skip
    a_finding(run, 2, check_code="chk_use", **blocks, severity="stop", overlap_m2=45_000.0, share=0.75,
              details={"reason": "mismatch"}, geom=shape(450, 100, 600, 400))  # fmt: skip
    a_finding(run, 3, check_code="chk_use", **blocks, severity="info", overlap_m2=45_000.0, share=0.75,
              details={"reason": "other_use", "use": "080403"}, geom=shape(450, 100, 600, 400))  # fmt: skip
    a_finding(run, 4, check_code="chk_indic", **blocks, overlap_m2=60_000.0, share=1.0,
              details={"indicator": "far", "design": 2.35, "plan": 2.3103})  # fmt: skip
    a_finding(run, 5, check_code="chk_two_plan", **blocks, severity="info", kind="城有土无", overlap_m2=30_000.0,
              share=0.5)  # fmt: skip
    a_finding(run, 6, check_code="chk_control", layer_id="L06.02.04", edition=city["L06.02.04"], severity="review",
              masked=True)  # fmt: skip
    a_finding(run, 7, check_code="chk_topo", severity="review", share=0.008333,
              details={"reason": "area_mismatch", "declared_m2": 60_500})  # fmt: skip
    Patch.objects.create(run=run, number=1, check_code="chk_two_plan", kind="城有土无", area_m2=30_000.0, share=0.5,
                         use_a="01", use_b="080403", owner_layers=["L04.02.01"], owners=[PLANNING],
                         geom=shape(500, 100, 600, 400)[0])  # fmt: skip
    return run
