"""How ripe an idea is, and where the opinion of a department stands."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Maturity(TextChoices):
    """An idea is drawn, put before the departments, ripe; then it becomes a project, or is given up."""

    GESTATION = "gestation", _("孕育")
    INCUBATION = "incubation", _("孵化")
    MATURE = "mature", _("成熟")
    REGISTERED = "registered", _("已赋码")
    DROPPED = "dropped", _("不再推进")


MATURITY_TRANSITIONS: Mapping[str, frozenset[str]] = {
    Maturity.GESTATION: frozenset({Maturity.INCUBATION, Maturity.DROPPED}),
    Maturity.INCUBATION: frozenset({Maturity.MATURE, Maturity.GESTATION, Maturity.DROPPED}),
    Maturity.MATURE: frozenset({Maturity.REGISTERED, Maturity.GESTATION, Maturity.DROPPED}),
    Maturity.REGISTERED: frozenset(),
    Maturity.DROPPED: frozenset(),
}
MATURITY_TONES = {
    Maturity.GESTATION: "hold",
    Maturity.INCUBATION: "info",
    Maturity.MATURE: "ok",
    Maturity.REGISTERED: "ok",
    Maturity.DROPPED: "hold",
}


class OpinionState(TextChoices):
    """A department is asked, answers, or lets its days pass."""

    ASKED = "asked", _("等回复")
    ANSWERED = "answered", _("已回复")
    SILENT = "silent", _("逾期视为同意")
    OUTDATED = "outdated", _("范围已改，不再征询")


OPINION_TRANSITIONS: Mapping[str, frozenset[str]] = {
    OpinionState.ASKED: frozenset({OpinionState.ANSWERED, OpinionState.SILENT, OpinionState.OUTDATED}),
    OpinionState.ANSWERED: frozenset(),
    OpinionState.SILENT: frozenset(),
    OpinionState.OUTDATED: frozenset(),
}
OPINION_TONES = {
    OpinionState.ASKED: "due",
    OpinionState.ANSWERED: "ok",
    OpinionState.SILENT: "hold",
    OpinionState.OUTDATED: "hold",
}


class Position(TextChoices):
    """What a department thinks."""

    AGREE = "agree", _("同意")
    CONDITIONAL = "conditional", _("有条件同意")
    DISAGREE = "disagree", _("不同意")


POSITION_TONES = {Position.AGREE: "ok", Position.CONDITIONAL: "due", Position.DISAGREE: "late"}
