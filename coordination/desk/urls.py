"""Addresses of the desk."""

from django.urls import path

from coordination.desk.views import pages, state_of_play, style_guide

app_name = "desk"

urlpatterns = [
    path("", pages.home, name="home"),
    path("desk/", pages.desk, name="desk"),
    path("search/", pages.search_page, name="search"),
    path("rotation/<slug:slug>/state-of-play/", state_of_play.show, name="state_of_play"),
    path(
        "rotation/<slug:slug>/state-of-play/history/",
        state_of_play.history,
        name="state_of_play_history",
    ),
    path(
        "rotation/<slug:slug>/state-of-play/<slug:kind>/<slug:subject>/",
        state_of_play.judge,
        name="judge",
    ),
    path("styleguide/", style_guide.show, name="styleguide"),
    path("health/", pages.health, name="health"),
]
