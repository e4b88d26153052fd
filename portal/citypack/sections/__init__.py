"""The sections of the pack that no slice above owns yet, or whose rows lie below the pack (calendar days)."""

from portal.citypack import registry
from portal.citypack.sections import calendar, city, clock, codes, departments, reference, reminders, roles


def register() -> None:
    """Register them all; slices above add their own `apply` to departments and roles under names of their own."""
    registry.register("calendars", files=calendar.FILES, reads=("city",), check=calendar.check, apply=calendar.apply)
    registry.register("clock", files=clock.FILES, reads=("holidays",), check=clock.check)
    registry.register("codes", files=codes.FILES, check=codes.check)
    registry.register("departments", files=departments.FILES, reads=("flows",), check=departments.check)
    registry.register("roles", files=roles.FILES, check=roles.check)
    registry.register(
        "city", files=city.FILES, reads=("departments", "roles", "items", "flows", "codes"), check=city.check
    )
    registry.register("reminders", files=reminders.FILES, reads=("roles", "metrics"), check=reminders.check)
    registry.register("reference", files=reference.FILES)
