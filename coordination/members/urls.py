"""Addresses of the members domain."""

from allauth.account import views as allauth_views
from allauth.account.decorators import reauthentication_required
from django.urls import path, re_path

from coordination.members.views import (
    absences,
    accounts,
    agencies,
    confirmations,
    people,
    roster,
    security,
)

app_name = "members"

# Before allauth's own at the same addresses: these are the only ways to change the address, end
# sessions, or set a first password
urlpatterns = [
    path("accounts/email/", security.address, name="address"),
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$",
        security.confirm_address,
        name="confirm_address",
    ),
    path("accounts/sessions/", security.own_sessions, name="sessions"),
    path(
        "accounts/password/set/",
        reauthentication_required(allauth_views.password_set, app="allauth.account"),
        name="set_password",
    ),
    path("members/", agencies.directory, name="directory"),
    path("members/<slug:slug>/", agencies.agency, name="agency"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/card.vcf", people.card, name="card"),
    path("members/<slug:slug>/cards.vcf", people.cards, name="cards"),
    path("members/<slug:slug>/confirm/", confirmations.confirm, name="confirm_roster"),
    path("people/confirm/<str:token>/", confirmations.confirm_by_link, name="confirm_by_link"),
    path("members/<slug:slug>/history/", agencies.agency_history, name="agency_history"),
    path("members/<slug:slug>/invite/", roster.invite, name="invite"),
    path("members/<slug:slug>/mandate/", roster.mandate, name="mandate"),
    path(
        "members/<slug:slug>/invitations/<int:pk>/withdraw/",
        roster.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("members/<slug:slug>/people/<int:pk>/", roster.appointment, name="appointment"),
    path("invitations/<slug:token>/", accounts.accept, name="accept"),
    path("profile/away/", absences.away, name="away"),
    path("profile/away/<int:pk>/withdraw/", absences.withdraw, name="withdraw_absence"),
    path("profile/", accounts.profile, name="profile"),
    path("demo/sign-in/", accounts.demo_sign_in, name="demo_sign_in"),
]
