"""Addresses of the desk."""

from django.urls import path

from coordination.desk.views import (
    feeds,
    mailings,
    pages,
    personal_data,
    state_of_play,
    style_guide,
)

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
    path("profile/feeds/", feeds.addresses, name="feeds"),
    path("profile/feeds/revoke/", feeds.revoke, name="revoke_feeds"),
    path("feeds/<slug:token>/meetings.ics", feeds.meetings, name="meetings_feed"),
    path("feeds/<slug:token>/meetings/<slug:kind>.ics", feeds.meetings, name="kind_feed"),
    path("feeds/<slug:token>/agencies/<slug:slug>.ics", feeds.agency, name="agency_feed"),
    path("feeds/<slug:token>/terms.ics", feeds.terms, name="terms_feed"),
    path("people/mailings/", mailings.mailings, name="mailings"),
    path("people/<int:pk>/data/", personal_data.show, name="personal_data"),
    path("people/<int:pk>/data.json", personal_data.download, name="download_data"),
    path("people/<int:pk>/erase/", personal_data.erase, name="erase_person"),
    path("styleguide/", style_guide.show, name="styleguide"),
    path("health/", pages.health, name="health"),
]
