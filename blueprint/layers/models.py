"""The catalogue of layers; codes are lasting, so rows are updated and never removed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blueprint.layers.querysets import LayerQuerySet


class Topic(models.Model):
    """A topic of the blueprint."""

    code = models.CharField(_("编号"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)

    class Meta:
        verbose_name = _("专题")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Subtopic(models.Model):
    """A part of a topic."""

    code = models.CharField(_("编号"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="subtopics")

    class Meta:
        verbose_name = _("子专题")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Layer(models.Model):
    """One layer of the blueprint."""

    code = models.CharField(_("编号"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)
    subtopic = models.ForeignKey(Subtopic, on_delete=models.PROTECT, related_name="layers")
    is_listed = models.BooleanField(_("在目录中"), default=True)

    objects = LayerQuerySet.as_manager()

    class Meta:
        verbose_name = _("图层")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
