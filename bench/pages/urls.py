"""The app's addresses, and the floor: a plain view behind the same middleware, one indexed query of 50 rows in a template."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from coordination.core.http import AuthenticatedRequest
from coordination.statements.models import Statement

ROWS = """<!doctype html><html lang="en"><head><title>Floor</title></head><body><table>
{% for row in rows %}<tr><td>{{ row.symbol }}</td><td>{{ row.title }}</td><td>{{ row.started_at }}</td></tr>{% endfor %}
</table></body></html>"""


@login_required
def floor(request: AuthenticatedRequest) -> HttpResponse:
    """Show 50 rows found by an index."""
    rows = Statement.objects.order_by("-pk")[:50]
    return HttpResponse(engines["django"].from_string(ROWS).render({"rows": rows}, request))


urlpatterns = [path("bench/floor/", floor), path("", include("gmgapp.urls"))]
