"""The app's addresses, and the floor.

A plain view behind the same middleware, one indexed query of 50 rows in a template.
"""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from coordination.core.http import AuthenticatedRequest
from coordination.statements.models import Statement

ROWS = """<!doctype html><html lang="en"><head><title>Floor</title></head><body><table>
{% for row in rows %}<tr><td>{{ row.symbol }}</td><td>{{ row.title }}</td>\
<td>{{ row.started_at }}</td></tr>{% endfor %}
</table></body></html>"""


@cache
def template() -> Any:
    """Return the floor's template, compiled once as the loader keeps the app's."""
    return engines["django"].from_string(ROWS)


@login_required
def floor(request: AuthenticatedRequest) -> HttpResponse:
    """Show 50 rows found by an index."""
    rows = Statement.objects.order_by("-pk")[:50]
    return HttpResponse(template().render({"rows": rows}, request))


urlpatterns = [path("bench/floor/", floor), path("", include("gmgapp.urls"))]
