"""The geometry slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeometryConfig(AppConfig):
    """Name the slice; it has no rows and registers nothing."""

    name = "blueprint.geometry"
    label = "geometry"
    verbose_name = _("图形")
