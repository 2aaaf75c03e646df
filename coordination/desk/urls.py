"""Addresses of the desk."""

from django.urls import path

from coordination.desk.views import pages

app_name = "desk"

urlpatterns = [
    path("", pages.home, name="home"),
    path("desk/", pages.desk, name="desk"),
    path("search/", pages.find, name="search"),
    path("health/", pages.health, name="health"),
]
