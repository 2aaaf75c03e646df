"""Addresses of the rotation."""

from django.urls import path

from coordination.rotation import views

app_name = "rotation"

urlpatterns = [
    path("", views.timeline, name="timeline"),
    path("propose/", views.propose, name="propose"),
    path("<slug:slug>/", views.term, name="term"),
    path("<slug:slug>/edit/", views.edit, name="edit"),
    path("<slug:slug>/confirm/", views.confirm, name="confirm"),
    path("<slug:slug>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:slug>/handover/", views.handover, name="handover"),
    path("<slug:slug>/handover/history/", views.handover_history, name="handover_history"),
    path("<slug:slug>/handover/items/<int:pk>/", views.item, name="item"),
    path("<slug:slug>/handover/sign/<slug:side>/", views.sign, name="sign"),
]
