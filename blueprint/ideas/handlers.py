"""Tell departments: an idea waits for their opinion; tell its own department what was said."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from blueprint.ideas.models import Idea, Opinion
from portal.core import outbox
from portal.notices import operations as notices
from portal.ui import words


@outbox.handler("ideas.idea.asked", name="ideas.tell_asked")
def tell_asked(payload: dict[str, Any], at: datetime) -> None:
    """Tell each department of the round that its opinion is asked for, and until when."""
    idea = Idea.objects.select_related("site").get(pk=payload["id"])
    with translation.override(settings.LANGUAGE_CODE):
        for opinion in idea.opinions.filter(round=idea.round):
            notices.send(
                kind="ideas.asked",
                title=_("请对“%(title)s”提出意见") % {"title": idea.site.title},
                body=_("%(day)s前回复。") % {"day": words.day(opinion.due_on)},
                url=reverse("ideas:idea", args=[idea.pk]),
                dedupe_key=f"idea-asked/{opinion.pk}",
                at=at,
                department_id=opinion.department_id,
            )


@outbox.handler("ideas.opinion.answered", name="ideas.tell_answered")
@outbox.handler("ideas.opinion.fell_silent", name="ideas.tell_silent")
def tell_answered(payload: dict[str, Any], at: datetime) -> None:
    """Tell the department of the idea what another one said."""
    opinion = Opinion.objects.select_related("idea__site", "department").get(pk=payload["id"])
    site = opinion.idea.site
    if site.department_id is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(department)s对“%(title)s”：%(words)s") % {
            "department": opinion.department.short,
            "title": site.title,
            "words": opinion.words,
        }
    notices.send(
        kind="ideas.answered",
        title=title,
        url=reverse("ideas:idea", args=[opinion.idea_id]),
        dedupe_key=f"idea-answered/{opinion.pk}",
        at=at,
        department_id=site.department_id,
    )
