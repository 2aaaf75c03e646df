"""Addresses of meetings."""

from django.urls import path

from coordination.meetings import views

app_name = "meetings"

urlpatterns = [
    path("", views.meeting_list, name="list"),
    path("convene/", views.convene, name="convene"),
    path("<slug:slug>/", views.meeting, name="meeting"),
    path("<slug:slug>/edit/", views.edit, name="edit"),
    path("<slug:slug>/history/", views.history, name="history"),
    path("<slug:slug>/cancel/", views.cancel, name="cancel"),
    path("<slug:slug>/outcome/", views.outcome, name="outcome"),
    path("<slug:slug>/calendar/", views.calendar, name="calendar"),
    path("<slug:slug>/items/new/", views.add_item, name="add_item"),
    path("<slug:slug>/items/<int:pk>/", views.action_item, name="action_item"),
    path("<slug:slug>/documents/<int:pk>/", views.document, name="document"),
]
