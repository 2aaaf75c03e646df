"""Addresses of core."""

from django.urls import path

from coordination.core import views

app_name = "core"

urlpatterns = [path("styleguide/", views.styleguide, name="styleguide")]
