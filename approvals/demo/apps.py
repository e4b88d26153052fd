"""The demo slice as a Django app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Register the demo slice."""

    name = "approvals.demo"
    label = "demo"

    def ready(self) -> None:
        """Register the section of the pack that this slice reads."""
        from approvals.demo import pack
        from portal.citypack import registry

        registry.register("demo", files=pack.FILES, reads=pack.READS, check=pack.check)
