"""Calling, attending, recording and concluding a session."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals.joint import forms, pages, policies, queries
from approvals.joint import operations as joint
from approvals.joint.views import frame
from approvals.review.models import StageRun
from portal.accounts.models import Department
from portal.core import clock
from portal.core.errors import DomainError, NotFound
from portal.core.http import actor_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, run_id: int) -> HttpResponse:
    """Invite departments to a session."""
    actor = actor_of(request)
    run = StageRun.objects.select_related("project").filter(pk=run_id).first()
    kinds = {} if run is None else queries.session_kinds(run.project.pack_version_id, stage=run.stage)
    kinds = {kind.id: kind for kind in kinds.values() if policies.can_call(actor, kind.lead)}
    if run is None or not kinds:
        raise NotFound
    form = forms.CallForm(
        request.POST or None,
        kinds=kinds,
        departments=Department.objects.filter(is_active=True).order_by("sort", "pk"),
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            session = joint.call(run_id=run_id, actor=actor, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            status = error.http_status
            for name, words in error.fields.items():
                form.add_error(name if name in form.fields else None, str(words))
            if not error.fields:
                form.add_error(None, str(error))
        else:
            messages.success(request, _("已召集，参加部门和申请人会收到通知。"))
            return redirect("joint:session", session.pk)
    return render(
        request,
        "joint/call.html",
        {"form": form, "run": run, "kinds": kinds.values(), "nav_current": "joint:inbox"},
        status=status,
    )


@login_required
@require_safe
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Show one session."""
    actor = actor_of(request)
    return frame.show(request, pages.find_session(session_id, actor), actor)


@login_required
@require_POST
def answer(request: HttpRequest, participant_id: int) -> HttpResponse:
    """Reply to the invitation."""
    actor = actor_of(request)
    row = pages.find_participant(participant_id, actor)
    return frame.act(
        request,
        row.session,
        actor,
        forms.AnswerForm(request.POST),
        lambda cleaned: joint.answer(participant_id=participant_id, actor=actor, at=clock.now(), **cleaned),
        said=_("已回执。开会前可以再改。"),
        subject=participant_id,
    )


@login_required
@require_POST
def sign_in(request: HttpRequest, participant_id: int) -> HttpResponse:
    """Sign in on the day."""
    actor = actor_of(request)
    row = pages.find_participant(participant_id, actor)
    return frame.act(
        request,
        row.session,
        actor,
        forms.SignInForm(request.POST),
        lambda cleaned: joint.sign_in(participant_id=participant_id, actor=actor, at=clock.now(), **cleaned),
        said=_("已签到。"),
        subject=participant_id,
    )


@login_required
@require_POST
def opine(request: HttpRequest, participant_id: int) -> HttpResponse:
    """Give the department's opinion."""
    actor = actor_of(request)
    row = pages.find_participant(participant_id, actor)
    return frame.act(
        request,
        row.session,
        actor,
        forms.OpinionForm(request.POST),
        lambda cleaned: joint.opine(participant_id=participant_id, actor=actor, at=clock.now(), **cleaned),
        said=_("意见已提交。出结论前可以再改。"),
        subject=participant_id,
    )


@login_required
@require_POST
def record(request: HttpRequest, session_id: int) -> HttpResponse:
    """Record the meeting."""
    actor = actor_of(request)
    found = pages.find_session(session_id, actor)
    return frame.act(
        request,
        found,
        actor,
        forms.RecordForm(request.POST, participants=list(found.participants.all())),
        lambda cleaned: joint.record(
            session_id=session_id,
            minutes=cleaned["minutes"],
            present=[int(pk) for pk in cleaned["present"]],
            actor=actor,
            at=clock.now(),
        ),
        said=_("已记录。各部门从明天起在期限内出具意见。"),
    )


@login_required
@require_POST
def send_list(request: HttpRequest, session_id: int) -> HttpResponse:
    """Tell the applicant the one list."""
    actor = actor_of(request)
    return frame.act(
        request,
        pages.find_session(session_id, actor),
        actor,
        forms.ListForm(request.POST),
        lambda cleaned: joint.send_list(session_id=session_id, actor=actor, at=clock.now(), **cleaned),
        said=_("清单已一次性告知申请人。"),
    )


@login_required
@require_POST
def begin_recheck(request: HttpRequest, session_id: int) -> HttpResponse:
    """Begin the re-check."""
    actor = actor_of(request)
    return frame.act(
        request,
        pages.find_session(session_id, actor),
        actor,
        forms.NothingForm(request.POST),
        lambda _cleaned: joint.begin_recheck(session_id=session_id, actor=actor, at=clock.now()),
        said=_("复验已开始，请提出问题的部门逐条复验。"),
    )


@login_required
@require_POST
def give_result(request: HttpRequest, session_id: int) -> HttpResponse:
    """Hand in something that the session brings about."""
    actor = actor_of(request)
    return frame.act(
        request,
        pages.find_session(session_id, actor),
        actor,
        forms.ResultForm(request.POST, request.FILES),
        lambda cleaned: joint.give_result(
            session_id=session_id,
            result=cleaned["result"],
            text=cleaned["text"],
            upload=cleaned["file"],
            actor=actor,
            at=clock.now(),
        ),
        said=_("成果已提交。"),
        subject=request.POST.get("result", ""),
    )


@login_required
@require_POST
def conclude(request: HttpRequest, session_id: int) -> HttpResponse:
    """Conclude the session."""
    actor = actor_of(request)
    form = forms.ConcludeForm(request.POST)
    return frame.act(
        request,
        pages.find_session(session_id, actor),
        actor,
        form,
        lambda _cleaned: joint.conclude(session_id=session_id, actor=actor, at=clock.now(), **form.concluded()),
        said=_("已出结论，文号已取，正在制作文书。"),
    )


@login_required
@require_POST
def cancel(request: HttpRequest, session_id: int) -> HttpResponse:
    """Call the session off."""
    actor = actor_of(request)
    return frame.act(
        request,
        pages.find_session(session_id, actor),
        actor,
        forms.ReasonForm(request.POST),
        lambda cleaned: joint.cancel(session_id=session_id, actor=actor, at=clock.now(), **cleaned),
        said=_("已取消，参加部门和申请人会收到通知。"),
    )
