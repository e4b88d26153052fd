"""Pages of the city pack, for those who look after the city's configuration."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.citypack import policies, queries
from portal.core.http import actor_of


@login_required
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the pack versions with what each one changed."""
    policies.require(policies.can_view(actor_of(request)))
    return render(request, "citypack/versions.html", {"rows": queries.versions()})
