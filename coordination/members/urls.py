"""Addresses of the members domain."""

from django.urls.resolvers import URLPattern

app_name = "members"

urlpatterns: list[URLPattern] = []
