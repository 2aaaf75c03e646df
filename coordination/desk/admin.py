"""The front page of the admin.

Jobs of record keepers come first, then everything else.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse

from coordination.desk.queries import records


class RecordsSite(AdminSite):
    """The admin of all records."""

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the records by job, and the last changes."""
        apps = self.get_app_list(request)
        return super().index(request, {**records.front_page(apps), **(extra_context or {})})
