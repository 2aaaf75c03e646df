"""Addresses of the rotation."""

from django.urls import path

from coordination.rotation.views import handovers, terms

app_name = "rotation"

urlpatterns = [
    path("", terms.timeline, name="timeline"),
    path("propose/", terms.propose, name="propose"),
    path("<slug:slug>/", terms.term, name="term"),
    path("<slug:slug>/edit/", terms.edit, name="edit"),
    path("<slug:slug>/confirm/", terms.confirm, name="confirm"),
    path("<slug:slug>/withdraw/", terms.withdraw, name="withdraw"),
    path("<slug:slug>/handover/", handovers.handover, name="handover"),
    path("<slug:slug>/handover/history/", handovers.handover_history, name="handover_history"),
    path("<slug:slug>/handover/items/<int:pk>/", handovers.item, name="item"),
    path("<slug:slug>/handover/sign/<slug:side>/", handovers.sign, name="sign"),
]
