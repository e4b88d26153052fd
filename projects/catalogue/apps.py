"""The catalogue slice as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Register the catalogue slice."""

    name = "projects.catalogue"
    label = "catalogue"
