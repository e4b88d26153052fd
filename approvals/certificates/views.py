"""Pages of certificates: public verification, the papers of a project, one paper with its acts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from approvals.certificates import content, forms, policies, queries
from approvals.certificates import operations as certificates
from approvals.certificates.models import Certificate
from approvals.certificates.states import Verdict
from approvals.review.models import Case
from portal.core import clock
from portal.core.errors import DomainError, NotFound
from portal.core.http import actor_of, whole_number
from projects.registry.models import Project


@never_cache
@require_GET
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for a code and lead to its page."""
    form = forms.CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("certificates:verify", code=queries.normal_code(form.cleaned_data["code"]) or "-")
    return render(request, "certificates/enter_code.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a code stands for; a posted PDF is compared with the filed one, byte by byte."""
    at = clock.now()
    verification = queries.verify(code, today=clock.day_of(at))
    form = forms.OriginalForm(request.POST or None, request.FILES or None)
    identical: bool | None = None
    if request.method == "POST" and form.is_valid() and verification.sha256:
        identical = queries.digest_of(form.cleaned_data["file"].chunks()) == verification.sha256
    return render(
        request,
        "certificates/verify.html",
        {"verification": verification, "form": form, "identical": identical, "at": at},
        status=404 if verification.verdict == Verdict.UNKNOWN else 200,
    )


@login_required
@require_GET
def of_project(request: HttpRequest, code: str) -> HttpResponse:
    """List the papers of a project."""
    actor = actor_of(request)
    project = Project.objects.visible_to(actor).filter(code=code).first()
    if project is None:
        raise NotFound
    return render(
        request,
        "certificates/of_project.html",
        {"project": project, "certificates": queries.of_project(project, actor)},
    )


@login_required
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one paper with what can be done with it."""
    certificate = _visible(request, number)
    actor = actor_of(request)
    return render(
        request,
        "certificates/detail.html",
        {
            "certificate": certificate,
            "verification": queries.verify(certificate.verify_code, today=clock.today()),
            "can_hand_over": policies.can_hand_over(actor) and certificate.state == "issued",
            "can_revoke": policies.can_revoke(actor, certificate)
            and certificate.is_in_force
            and not certificate.is_refusal,
            "can_correct": policies.can_correct(actor, certificate) and certificate.is_in_force,
            "versions": queries.versions(certificate),
            "hand_over_form": forms.HandOverForm(),
            "revoke_form": forms.RevokeForm(),
        },
    )


@login_required
@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Record the hand-over."""
    certificate = _visible(request, number)
    certificates.hand_over(
        certificate_id=certificate.pk, to=request.POST.get("to", ""), actor=actor_of(request), at=clock.now()
    )
    messages.success(request, _("已登记送达：%(title)s") % {"title": certificate.title})
    return redirect("certificates:detail", number=number)


@login_required
@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Revoke a certificate."""
    certificate = _visible(request, number)
    certificates.revoke(
        certificate_id=certificate.pk, reason=request.POST.get("reason", ""), actor=actor_of(request), at=clock.now()
    )
    messages.success(request, _("已撤销：%(title)s。核验页即时生效，申请人会收到通知。") % {"title": certificate.title})
    return redirect("certificates:detail", number=number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Put a clerical slip right: the lines as printed, what they should say, and a new version."""
    certificate = _visible(request, number)
    actor = actor_of(request)
    policies.require(policies.can_correct(actor, certificate))
    if not certificate.is_in_force:
        return redirect("certificates:detail", number=number)
    attributes = () if certificate.is_refusal else content.result_of(certificate.decision).attributes
    form = forms.CorrectForm(request.POST or None, certificate=certificate, attributes=attributes)
    error: DomainError | None = None
    version = request.POST.get("version", "")
    if request.method == "POST" and form.is_valid():
        try:
            certificates.correct(
                certificate_id=certificate.pk,
                attributes=form.changed_attributes(),
                lines=form.changed_lines(),
                reason=form.cleaned_data["reason"],
                version=whole_number(version),
                actor=actor,
                at=clock.now(),
            )
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("已更正，文号不变，新版几秒后生成；旧版核验时显示已被替代。"))
            return redirect("certificates:detail", number=number)
    case = Case.objects.get(pk=certificate.decision.case_id)
    context = {"certificate": certificate, "form": form, "error": error, "case": case}
    return render(request, "certificates/correct.html", context, status=error.http_status if error else 200)


def _visible(request: HttpRequest, number: str) -> Certificate:
    certificate = queries.detail(number, actor_of(request))
    if certificate is None:
        raise NotFound
    return certificate
