"""Addresses of the statements domain."""

from django.urls.resolvers import URLPattern

app_name = "statements"

urlpatterns: list[URLPattern] = []
