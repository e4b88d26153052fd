"""Who is away and who does his work meanwhile: arranged by himself or by the department's lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import operations, policies, queries
from portal.accounts.forms import AbsenceForm, show_refusal
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.http import actor_of


@login_required
@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    """Show who is away now and later, and arrange a substitute."""
    actor = actor_of(request)
    policies.require(policies.can_see_absences(actor))
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person_id, department_id = form.who
        try:
            made = operations.arrange_substitute(
                person_id=person_id,
                substitute_id=int(given["substitute"]),
                department_id=department_id,
                from_on=given["from_on"],
                until_on=given["until_on"],
                reason=given["reason"],
                actor=actor,
                at=clock.now(),
            )
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            words = _("已安排 %(substitute)s 代 %(person)s 办理，已通知双方。")
            messages.success(request, words % {"substitute": made.substitute.name, "person": made.person.name})
            return redirect("accounts:absence")
    today = clock.today()
    past = "past" in request.GET
    page = queries.absences(actor, today=today, past=past, cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "page": page,
        "past": past,
        "rows": [
            {
                "delegation": row,
                "is_running": row.is_running(today),
                "may_end": not row.is_over(today) and policies.can_end_absence(actor, row),
            }
            for row in page.items
        ],
        "names_others": bool(actor.departments_for("absence.others")),
    }
    return render(request, "accounts/absence.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_absence(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a substitution before its last day."""
    operations.end_substitution(delegation_id=delegation_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("代办已提前结束。"))
    return redirect("accounts:absence")


def _form(request: HttpRequest) -> AbsenceForm:
    """Offer oneself, to a lead everybody of his department, and as substitutes who may do what one of these does."""
    actor = actor_of(request)
    at = clock.now()
    departments = actor.departments_for("absence.own") | actor.departments_for("absence.others")
    colleagues = queries.colleagues(departments, at=at)
    many = len(departments) > 1
    absent = [
        row
        for row in colleagues
        if policies.can_arrange_absence(actor, person_id=row.user.pk, department_id=row.department.pk)
    ]
    people = [
        (f"{row.user.pk}:{row.department.pk}", _noted(row.user.name, row.department.short if many else ""))
        for row in absent
    ]
    offered = {
        str(row.user.pk): _noted(row.user.name, f"{row.department.short} {row.roles}" if many else row.roles)
        for row in colleagues
        # who was chosen in spite of it stays in the list, beside the words that say what he lacks
        if str(row.user.pk) == request.POST.get("substitute") or any(row.may_stand_in_for(one) for one in absent)
    }
    first = {"from_on": clock.today(), "person": f"{actor.user_id}:{min(departments)}"}
    return AbsenceForm(request.POST or None, initial=first, people=people, colleagues=list(offered.items()))


def _noted(name: str, words: str) -> str:
    """Write a note behind a name: 王欣（承办人）."""
    return _("%(name)s（%(words)s）") % {"name": name, "words": words} if words else name
