"""Read whole-city runs: what can be started, how far one is, what it came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Func, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blueprint.checks import loading
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.models import CheckRun, Patch
from blueprint.citywide import districts
from blueprint.citywide.models import Settling
from blueprint.layers.models import Layer
from blueprint.reports import meanings
from blueprint.reports.pages.kinds import kind as kind_words
from portal.core.actor import Actor
from portal.ui import words as say
from portal.ui.charts import Bar, BarChart

#: px; three of them stand side by side, and one fits a telephone without shrinking its words
CHART_WIDTH = 310


@dataclass(frozen=True, slots=True)
class Choices:
    """What a run can be about."""

    plans: tuple[str, ...]
    has_plans: bool
    lines: dict[str, str]
    """Lines that have two editions, code -> name."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    percent: int
    words: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which patches of a run are asked for; blank: all."""

    kind: str = ""
    district: str = ""
    owner: str = ""
    settling: str = ""


def check_with(definitions: Definitions, role: str) -> Check:
    """Return the check of the pack in which layers play a part."""
    return next(check for check in definitions.checks.values() if role in check.roles)


def choices(definitions: Definitions) -> Choices:
    """Tell which layers can be laid over each other now."""
    current, previous = loading.editions(definitions)
    now, then = ({ref.layer for ref in refs} for refs in (current, previous))
    plans = check_with(definitions, "plan_a")
    both = (plans.layer("plan_a"), plans.layer("plan_b"))
    lines = [layer for layer in check_with(definitions, "lines").layers("lines") if layer in now & then]
    named = dict(Layer.objects.filter(code__in=lines).values_list("code", "name"))
    return Choices(both, set(both) <= now, {layer: named.get(layer, layer) for layer in lines})


def runs(actor: Actor, *, most: int = 50) -> list[CheckRun]:
    """List the last whole-city runs."""
    found = CheckRun.objects.visible_to(actor).citywide().select_related("department").newest_first()
    return list(found[:most])


def find(run_id: int, actor: Actor) -> CheckRun | None:
    """Return a whole-city run the actor may see."""
    return CheckRun.objects.visible_to(actor).citywide().select_related("department").filter(pk=run_id).first()


def title(run: CheckRun, names: dict[str, str]) -> str:
    """Call a run by what it compares."""
    layers = _("、").join(names.get(code, code) for code in run.layers)
    where = f" {districts.names().get(run.district, run.district)}" if run.district else ""
    return f"{run.get_kind_display()} {layers}{where}"


def layer_names(runs_: list[CheckRun]) -> dict[str, str]:
    """Name the layers of some runs."""
    codes = {code for run in runs_ for code in run.layers}
    return dict(Layer.objects.filter(code__in=codes).values_list("code", "name"))


def progress(run: CheckRun, at: datetime) -> Progress:
    """Say how far a run is and how long it will take."""
    if run.started_at is None or not run.steps_done:
        return Progress(0, _("排队等待计算。可以离开本页，好了会通知您。"))
    passed = (at - run.started_at).total_seconds()
    left = passed * (run.steps_total - run.steps_done) / run.steps_done
    minutes = max(1, round(left / 60))
    rest = (
        _("不到 1 分钟") if left < 60 else ngettext("约还要 %(n)s 分钟", "约还要 %(n)s 分钟", minutes) % {"n": minutes}
    )
    return Progress(
        run.percent,
        _("已完成 %(done)s / %(total)s，%(rest)s。可以离开本页，好了会通知您。")
        % {"done": run.steps_done, "total": run.steps_total, "rest": rest},
    )


def patches(run: CheckRun, narrowed: Narrowed) -> QuerySet[Patch]:
    """Return the patches of a run that are asked for."""
    rows: QuerySet[Patch] = Patch.objects.filter(run=run).select_related("layer", "settling__department")
    if narrowed.kind:
        rows = rows.filter(kind=narrowed.kind)
    if narrowed.district:
        rows = rows.filter(district="" if narrowed.district == "-" else narrowed.district)
    if narrowed.owner:
        rows = rows.filter(owners__contains=[narrowed.owner])
    if narrowed.settling == "none":
        rows = rows.filter(settling__isnull=True)
    elif narrowed.settling:
        rows = rows.filter(settling__state=narrowed.settling)
    return rows


def charts(run: CheckRun) -> list[BarChart]:
    """Sum up the patches of a run by kind, by district and by department, in hectares."""
    rows = Patch.objects.filter(run=run)
    words = meanings.words(run.pack_version_id)
    regions = districts.names()
    by_owner = (
        rows.annotate(owner=Func(F("owners"), function="unnest"))
        .values("owner")
        .annotate(n=Count("pk"), m2=Sum("area_m2"))
    )
    return [
        _chart(_("按类型"), [(kind_words(key), key, n, m2) for key, n, m2 in _sums(rows, "kind")], "kind"),
        _chart(
            _("按行政区"),
            [(regions.get(key, _("未划入")), key or "-", n, m2) for key, n, m2 in _sums(rows, "district")],
            "district",
        ),
        _chart(
            _("按处置部门"),
            [
                (words.departments.get(row["owner"], row["owner"]), row["owner"], row["n"], row["m2"])
                for row in by_owner.order_by("-m2")
            ],
            "owner",
        ),
    ]


def _sums(rows: QuerySet[Patch], name: str) -> Iterator[tuple[str, int, float]]:
    sums = rows.values(name).annotate(n=Count("pk"), m2=Sum("area_m2")).order_by("-m2")
    yield from ((row[name], row["n"], row["m2"]) for row in sums)


def _chart(heading: str, rows: list[tuple[str, str, int, float]], name: str) -> BarChart:
    bars = tuple(
        Bar(
            label,
            m2 / 10_000,
            text=_("%(n)s 个 · %(ha)s 公顷") % {"n": say.number(n), "ha": say.number(m2 / 10_000, 2)},
            url=f"?{name}={key}#patches",
        )
        for label, key, n, m2 in rows
    )
    most = rows[0] if rows else None
    finding = (
        _("%(heading)s：最多的是%(label)s，%(ha)s 公顷")
        % {"heading": heading, "label": most[0], "ha": say.number(most[3] / 10_000, 2)}
        if most
        else _("没有差异图斑")
    )
    return BarChart(finding=finding, unit=_("公顷"), bars=bars, label_heading=heading, width=CHART_WIDTH)


def settlings_of(actor: Actor, *, most: int = 50) -> list[Settling]:
    """List what the actor's departments have in hand, the oldest first."""
    rows = Settling.objects.filter(department_id__in=actor.departments).exclude(state="resolved")
    return list(rows.select_related("patch__run", "patch__layer", "department").order_by("assigned_at", "pk")[:most])


def find_patch(patch_id: int, actor: Actor) -> Patch | None:
    """Return a patch of a whole-city run with what was said about it."""
    runs_ = CheckRun.objects.visible_to(actor).citywide()
    rows: QuerySet[Any] = Patch.objects.filter(pk=patch_id, run__in=runs_)
    found: Patch | None = rows.select_related("run__department", "layer", "settling__department").first()
    return found
