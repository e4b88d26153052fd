"""The registry slice as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Register the registry slice."""

    name = "projects.registry"
    label = "registry"
