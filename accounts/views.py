"""The page of one's own account."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request):
    """Who I am here, what I may do, in which units."""
    memberships = request.user.memberships.select_related("territory")
    return render(request, "account/home.html", {"memberships": memberships})
