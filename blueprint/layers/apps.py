"""The layers slice as a Django app."""

from django.apps import AppConfig


class LayersConfig(AppConfig):
    """Register the layers slice."""

    name = "blueprint.layers"
    label = "layers"
