"""Addresses: each app has its own, under its own word."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("coordination.desk.urls")),
    path("", include("coordination.core.urls")),
    path("", include("coordination.reminders.urls")),
    path("", include("coordination.members.urls")),
    path("rotation/", include("coordination.rotation.urls")),
    path("meetings/", include("coordination.meetings.urls")),
    path("statements/", include("coordination.statements.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "coordination.core.views.bad_request"
handler403 = "coordination.core.views.permission_denied"
handler404 = "coordination.core.views.not_found"
handler429 = "coordination.core.views.too_many_requests"  # allauth asks for it
handler500 = "coordination.core.views.server_error"
