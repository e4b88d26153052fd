"""Find the page where a person's work begins: the first entry of his work place's menu."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core import nav
from portal.core.actor import Actor

# The work places of core.nav and what people call them.
PLACES: dict[str, Promise | str] = {
    "applicant": _("我的项目"),
    "window": _("综合窗口"),
    "department": _("审批工作台"),
    "leader": _("效能督察"),
    "admin": _("系统管理"),
}


def first_page(actor: Actor, layout: str | None = None) -> str | None:
    """Return the URL name of an actor's first page, in one layout or in the first where he has work.

    None means there is nothing for him beyond the public pages.
    """
    layouts = nav.home_layouts(actor)
    chosen = layout if layout in layouts else layouts[0] if layouts and layout is None else None
    if chosen is None:
        return None
    return next((item.url_name for item in nav.items_for(actor, chosen) if item.act), None)
