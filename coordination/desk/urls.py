"""Addresses of the desk."""

from django.urls import path

from coordination.desk.views import pages, style_guide

app_name = "desk"

urlpatterns = [
    path("", pages.home, name="home"),
    path("desk/", pages.desk, name="desk"),
    path("search/", pages.search_page, name="search"),
    path("styleguide/", style_guide.show, name="styleguide"),
    path("health/", pages.health, name="health"),
]
