"""Addresses of core."""

from django.urls import path

from coordination.core import views

app_name = "core"

# Before Django's own: the admin has no sign-in and no page of passwords beside those of the app
urlpatterns = [
    path("admin/login/", views.records_sign_in, name="records_sign_in"),
    path("admin/password_change/", views.records_password, name="records_password"),
]
