"""Addresses of the reminders domain."""

from django.urls.resolvers import URLPattern

app_name = "reminders"

urlpatterns: list[URLPattern] = []
