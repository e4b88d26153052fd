"""Which frame a shared page is shown in. Who may see a project is asked of the registry."""

from portal.core.nav import layout_of

__all__ = ["layout_of"]
