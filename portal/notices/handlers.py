"""Tell people what was arranged for them in the slice below."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from portal.accounts.models import Delegation
from portal.core import outbox
from portal.notices import operations as notices


@outbox.handler("accounts.absence.arranged", name="notices.tell_absence_arranged")
def tell_absence_arranged(payload: dict[str, Any], at: datetime) -> None:
    """Tell the substitute what comes to him, and the absent person who stands in for him."""
    found = _delegation(payload["id"])
    with translation.override(settings.LANGUAGE_CODE):
        words = _words(found)
        to_substitute = _("%(from)s 至 %(until)s 请您代 %(person)s 办理") % words
        to_person = _("%(from)s 至 %(until)s 由 %(substitute)s 代您办理") % words
        body = _("%(department)s：手上的件在代办期间列入代办人的待办，到期自动结束。") % words
    for user_id, title in ((found.substitute_id, to_substitute), (found.person_id, to_person)):
        notices.send(
            kind="absence.arranged",
            title=title,
            body=body,
            url=reverse("accounts:absence"),
            dedupe_key=f"absence-arranged/{found.pk}/{user_id}",
            at=at,
            user_id=user_id,
        )


@outbox.handler("accounts.absence.ended", name="notices.tell_absence_ended")
def tell_absence_ended(payload: dict[str, Any], at: datetime) -> None:
    """Tell both that the substitution is over before its last day."""
    found = _delegation(payload["id"])
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(substitute)s 代 %(person)s 办理已提前结束") % _words(found)
    for user_id in (found.substitute_id, found.person_id):
        notices.send(
            kind="absence.ended",
            title=title,
            url=reverse("accounts:absence"),
            dedupe_key=f"absence-ended/{found.pk}/{user_id}",
            at=at,
            user_id=user_id,
        )


def _delegation(delegation_id: int) -> Delegation:
    return Delegation.objects.select_related("person", "substitute", "department").get(pk=delegation_id)


def _words(found: Delegation) -> dict[str, str]:
    return {
        "person": found.person.name,
        "substitute": found.substitute.name,
        "department": found.department.short,
        "from": formats.date_format(found.from_on, "SHORT_DATE_FORMAT"),
        "until": formats.date_format(found.until_on, "SHORT_DATE_FORMAT"),
    }
