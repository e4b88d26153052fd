"""The points of a session: raised, reported, judged, taken back; and the files that came along."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.joint import forms, pages
from approvals.joint import operations as joint
from approvals.joint.views import frame
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.http import actor_of, blob_response
from portal.core.models import StoredBlob


@login_required
@require_POST
def raise_point(request: HttpRequest, session_id: int) -> HttpResponse:
    """Put a point on the list."""
    actor = actor_of(request)
    found = pages.find_session(session_id, actor)
    page = pages.session_page(found, actor, at=clock.now())
    form = forms.PointForm(request.POST, request.FILES, departments=page.raises_for)
    return frame.act(
        request,
        found,
        actor,
        form,
        lambda cleaned: joint.raise_point(
            session_id=session_id,
            department_id=cleaned["department_id"],
            text=cleaned["text"],
            remedy=cleaned["remedy"],
            is_mandatory=cleaned["is_mandatory"],
            upload=cleaned["file"],
            actor=actor,
            at=clock.now(),
        ),
        said=_("已列入问题清单。"),
    )


@login_required
@require_POST
def report_mended(request: HttpRequest, point_id: int) -> HttpResponse:
    """Report a point as mended."""
    actor = actor_of(request)
    point = pages.find_point(point_id, actor)
    return frame.act(
        request,
        point.session,
        actor,
        forms.MendForm(request.POST, request.FILES),
        lambda cleaned: joint.report_mended(
            point_id=point_id, text=cleaned["text"], upload=cleaned["file"], actor=actor, at=clock.now()
        ),
        said=_("第 %(number)d 条已报告整改。") % {"number": point.number},
        subject=point_id,
    )


@login_required
@require_POST
def judge_point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Say whether a point is mended."""
    actor = actor_of(request)
    point = pages.find_point(point_id, actor)
    form = forms.JudgeForm(request.POST)
    return frame.act(
        request,
        point.session,
        actor,
        form,
        lambda _cleaned: joint.judge_point(point_id=point_id, actor=actor, at=clock.now(), **form.judged()),
        said=_("第 %(number)d 条已复验。") % {"number": point.number},
        subject=point_id,
    )


@login_required
@require_POST
def waive_point(request: HttpRequest, point_id: int) -> HttpResponse:
    """Take a point back."""
    actor = actor_of(request)
    point = pages.find_point(point_id, actor)
    return frame.act(
        request,
        point.session,
        actor,
        forms.ReasonForm(request.POST),
        lambda cleaned: joint.waive_point(point_id=point_id, actor=actor, at=clock.now(), **cleaned),
        said=_("第 %(number)d 条已撤销。") % {"number": point.number},
        subject=point_id,
    )


@login_required
@require_safe
def point_file(request: HttpRequest, point_id: int) -> HttpResponseBase:
    """Send the photo or paper of a point."""
    point = pages.find_point(point_id, actor_of(request))
    return _send(point.blob, point.file_name)


@login_required
@require_safe
def step_file(request: HttpRequest, step_id: int) -> HttpResponseBase:
    """Send what came along with a report or a re-check."""
    step = pages.find_step(step_id, actor_of(request))
    return _send(step.blob, step.file_name)


@login_required
@require_safe
def result_file(request: HttpRequest, result_id: int) -> HttpResponseBase:
    """Send something that a session has brought about."""
    result = pages.find_result(result_id, actor_of(request))
    return _send(result.blob, result.file_name)


def _send(blob: StoredBlob | None, name: str) -> HttpResponseBase:
    if blob is None:
        raise NotFound
    return blob_response(blob, name=name, inline=True)
