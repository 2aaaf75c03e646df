"""Addresses of the rotation domain."""

from django.urls.resolvers import URLPattern

app_name = "rotation"

urlpatterns: list[URLPattern] = []
