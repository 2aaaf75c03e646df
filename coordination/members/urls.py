"""Addresses of the members domain."""

from allauth.account import views as allauth_views
from allauth.account.decorators import reauthentication_required
from django.urls import path, re_path

from coordination.members import views

app_name = "members"

# Before allauth's own at the same addresses: these are the only ways to change the address, end
# sessions, or set a first password
urlpatterns = [
    path("accounts/email/", views.address, name="address"),
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", views.confirm_address, name="confirm_address"
    ),
    path("accounts/sessions/", views.own_sessions, name="sessions"),
    path(
        "accounts/password/set/",
        reauthentication_required(allauth_views.password_set, app="allauth.account"),
        name="set_password",
    ),
    path("members/", views.directory, name="directory"),
    path("members/<slug:slug>/", views.agency, name="agency"),
    path("members/<slug:slug>/history/", views.agency_history, name="agency_history"),
    path("members/<slug:slug>/invite/", views.invite, name="invite"),
    path("members/<slug:slug>/mandate/", views.mandate, name="mandate"),
    path(
        "members/<slug:slug>/invitations/<int:pk>/withdraw/",
        views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("members/<slug:slug>/people/<int:pk>/", views.appointment, name="appointment"),
    path("invitations/<slug:token>/", views.accept, name="accept"),
    path("profile/", views.profile, name="profile"),
    path("demo/sign-in/", views.demo_sign_in, name="demo_sign_in"),
]
