"""A case for its applicant: what he was told, what he is asked for, and his own acts on it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from approvals.review import forms, pages, queries
from approvals.review import operations as review
from approvals.review.models import Case, Tolerance
from portal.core import clock
from portal.core.errors import DomainError, InvalidInput, NotFound
from portal.core.http import actor_of, pdf_response


@login_required
@require_safe
def mine(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the applicant his case."""
    return _page(request, queries.find_case(case_id, actor=actor_of(request)))


@login_required
@require_POST
def supply_correction(request: HttpRequest, case_id: int) -> HttpResponse:
    """Supply what the department asked for."""

    def verb(found: Case) -> str:
        correction = found.corrections.filter(round=found.round).first()
        if correction is None:
            raise NotFound
        review.supply_correction(
            correction_id=correction.pk,
            uploads=forms.uploads_of(request.FILES, "point-"),
            answer=request.POST.get("answer", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
        return _("已补正，部门核对后继续办理。")

    return _act(request, case_id, verb)


@login_required
@require_POST
def supply_tolerance(request: HttpRequest, case_id: int) -> HttpResponse:
    """Supply deferred material."""

    def verb(found: Case) -> str:
        tolerance = Tolerance.objects.filter(decision__case=found).order_by("-pk").first()
        if tolerance is None:
            raise NotFound
        supplied = review.supply_tolerance(
            tolerance_id=tolerance.pk,
            uploads=forms.uploads_of(request.FILES, "material-"),
            actor=actor_of(request),
            at=clock.now(),
        )
        if supplied.supplied_at is None:
            return _("已收到，还有材料没补齐。")
        return _("容缺材料已补齐，等部门核对。")

    return _act(request, case_id, verb)


@login_required
@require_POST
def sign(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand in the signed commitment."""

    def verb(_found: Case) -> str:
        form = forms.FileForm(request.POST, request.FILES)
        if not form.is_valid():
            raise InvalidInput(fields={field: errors[0] for field, errors in form.errors.items()})
        review.sign_commitment(
            case_id=case_id, upload=form.cleaned_data["file"], actor=actor_of(request), at=clock.now()
        )
        return _("承诺书已提交，部门可以当场作出决定。")

    return _act(request, case_id, verb)


@login_required
@require_safe
def commitment_form(request: HttpRequest, case_id: int) -> HttpResponse:
    """Send the commitment to print and seal."""
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    printed = review.print_commitment(case_id=found.pk, actor=actor)
    return pdf_response(printed, name=f"{_('告知承诺书')} {found.number}.pdf")


@login_required
@require_POST
def give_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give up what was granted."""

    def verb(_found: Case) -> str:
        review.give_back(
            case_id=case_id,
            reason=request.POST.get("reason", ""),
            version=forms.version_of(request.POST),
            actor=actor_of(request),
            at=clock.now(),
        )
        return _("已交回，证照已注销。需要时可以重新申请。")

    return _act(request, case_id, verb)


def _act(request: HttpRequest, case_id: int, verb: Callable[[Case], str]) -> HttpResponse:
    actor = actor_of(request)
    found = queries.find_case(case_id, actor=actor)
    try:
        said = verb(found)
    except DomainError as error:
        return _page(request, queries.find_case(case_id, actor=actor), error=error)
    messages.success(request, said)
    return redirect("review:mine", case_id)


def _page(request: HttpRequest, found: Case, *, error: DomainError | None = None) -> HttpResponse:
    page = pages.my_case(found, actor_of(request), today=clock.today())
    context = {"page": page, "case": found, "acts": page.acts, "error": error, "typed": request.POST}
    return render(request, "review/mine.html", context, status=error.http_status if error else 200)
