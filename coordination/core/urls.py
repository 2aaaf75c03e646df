"""Addresses of core."""

from django.urls import path

from coordination.core import views

app_name = "core"

# They come before Django's own, so that sign-in and passwords of the admin are those of the app
urlpatterns = [
    path("admin/login/", views.records_sign_in, name="records_sign_in"),
    path("admin/password_change/", views.records_password, name="records_password"),
]
