"""The application as it stands, its check before handing in, its papers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.applications import operations as applications
from approvals.applications import policies, presenting, queries, sheets
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.operations.filing import Incomplete, Unmended
from approvals.applications.views.filling import layout_of, render_form
from approvals.oneform import extract
from portal.core import calendars, clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.http import actor_of, blob_response


@login_required
@require_safe
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show where an application stands; a department sees the part its items need."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    today = clock.today()
    state = queries.form_of(found)
    materials = queries.materials_of(found, today=today)
    slots = presenting.slot_views(found, materials, with_check=policies.sees_check(actor))
    everything = policies.sees_everything(actor, found)
    items = policies.items_for(actor, found)
    fields = None if everything else list(extract.extract(state.spec, state.filled, items))
    page = queries.page(found)
    context = {
        "application": found,
        "page": page,
        "history": presenting.history_lines(page.history),
        "layout": layout_of(actor, found),
        "lines": presenting.lines(state, fields=fields),
        "slots": [
            view
            for view, slot in zip(slots, materials.slots, strict=True)
            if everything or not items.isdisjoint(slot.slot.items)
        ],
        "plan": queries.outlook(found, today=today),
        "light": _light(found),
        "sees_everything": everything,
        "may_edit": policies.can_edit(actor, found),
        "may_withdraw": found.is_open and policies.can_withdraw(actor, found),
        "may_check": policies.can_check(actor, found),
        "steps": queries.steps(found),
    }
    return render(request, "applications/application.html", context)


@login_required
@require_safe
def check(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask for the commitment and hand in; while something is missing, lead back to the form, which says what.

    The form has one address: a page loaded again after the last missing upload stays the form.
    """
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    if not policies.can_edit(actor, found):
        return redirect("applications:application", found.pk)
    if queries.missing(found, today=clock.today()):
        return redirect(f"{reverse('applications:form', args=[found.pk])}?check")
    return _render_check(request, found, actor)


@login_required
@require_POST
def submit(request: HttpRequest, application_id: int) -> HttpResponse:
    """Hand in; what is missing leads back to the form with everything said at once."""
    actor = actor_of(request)
    found = queries.find(application_id, actor=actor)
    if not found.is_editable:
        # a second click, or a page left open: what it wanted has been done, and is shown
        messages.info(request, _("这份申报已经提交或结束，现在是“%(state)s”。") % {"state": found.get_state_display()})
        return redirect("applications:application", found.pk)
    if not found.is_correcting and request.POST.get("commitment") != "yes":
        return _render_check(request, found, actor, unconfirmed=True, status=422)
    try:
        handed_in = applications.submit(application_id=found.pk, actor=actor, at=clock.now())
    except (Incomplete, Unmended) as refusal:
        if isinstance(refusal, Unmended):
            messages.error(request, str(refusal.message))
        return render_form(request, queries.find(found.pk, actor=actor), actor, checked=True, status=422)
    messages.success(request, _("已提交，收件编号 %(number)s。") % {"number": handed_in.number})
    return redirect("applications:application", found.pk)


@login_required
@require_safe
def notice(request: HttpRequest, application_id: int, notice_id: int) -> HttpResponse:
    """Show a paper of the window on the screen as it is printed."""
    actor = actor_of(request)
    found, paper = _paper(application_id, notice_id, actor)
    context = {
        **sheets.context(paper),
        "paper": paper,
        "application_row": found,
        "layout": layout_of(actor, found),
        "may_edit": policies.can_edit(actor, found),
    }
    return render(request, "applications/notice.html", context)


@login_required
@require_safe
def notice_pdf(request: HttpRequest, application_id: int, notice_id: int) -> HttpResponseBase:
    """Send the PDF of a paper; until it is printed, its page says so."""
    actor = actor_of(request)
    found, paper = _paper(application_id, notice_id, actor)
    if paper.blob is None:
        messages.info(request, _("PDF 正在生成，几秒后再下载。"))
        return redirect("applications:notice", found.pk, paper.pk)
    name = f"{paper.get_kind_display()} {paper.number}.pdf"
    return blob_response(paper.blob, name=name, inline="download" not in request.GET)


def _render_check(
    request: HttpRequest, found: Application, actor: Actor, *, unconfirmed: bool = False, status: int = 200
) -> HttpResponse:
    today = clock.today()
    state = queries.form_of(found)
    materials = queries.materials_of(found, today=today)
    context = {
        "application": found,
        "page": queries.page(found),
        "layout": layout_of(actor, found),
        "sections": presenting.section_views(state),
        "materials": materials,
        "lines": presenting.lines(state),
        "plan": queries.outlook(found, today=today),
        "may_submit": policies.can_submit(actor, found),
        "unconfirmed": unconfirmed,
    }
    return render(request, "applications/check.html", context, status=status)


def _paper(application_id: int, notice_id: int, actor: Actor) -> tuple[Application, ApplicationNotice]:
    found = queries.find(application_id, actor=actor)
    paper = get_object_or_404(
        ApplicationNotice.objects.select_related("blob", "application__project"), pk=notice_id, application=found
    )
    if not policies.can_read_paper(actor, found, paper):
        raise NotFound
    return found, paper


def _light(found: Application) -> queries.NoticeLight | None:
    """Say how the running limit stands: the window's, or the applicant's to mend."""
    today, calendar = clock.today(), calendars.current(found.project.region)
    if found.is_at_window and found.notice_due_on:
        return queries.notice_light(found.notice_due_on, today=today, calendar=calendar)
    if found.is_correcting and found.correction_due_on:
        return queries.notice_light(found.correction_due_on, today=today, calendar=calendar)
    return None
