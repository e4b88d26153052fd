"""The citypack slice as a Django app."""

from django.apps import AppConfig


class CitypackConfig(AppConfig):
    """Register the citypack slice."""

    name = "portal.citypack"
    label = "citypack"
