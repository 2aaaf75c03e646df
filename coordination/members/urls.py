"""Addresses of the members domain."""

from django.urls import path

from coordination.members import views

app_name = "members"

urlpatterns = [
    path("members/", views.directory, name="directory"),
    path("members/<slug:slug>/", views.agency, name="agency"),
    path("members/<slug:slug>/history/", views.agency_history, name="agency_history"),
    path("members/<slug:slug>/invite/", views.invite, name="invite"),
    path("members/<slug:slug>/mandate/", views.mandate, name="mandate"),
    path("members/<slug:slug>/invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("members/<slug:slug>/people/<int:pk>/", views.appointment, name="appointment"),
    path("invitations/<slug:token>/", views.accept, name="accept"),
    path("profile/", views.profile, name="profile"),
    path("demo/sign-in/", views.demo_sign_in, name="demo_sign_in"),
]
