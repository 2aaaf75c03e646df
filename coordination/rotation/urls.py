"""Addresses of the rotation."""

from django.urls import path

from coordination.rotation.views import corrections, handovers, planning, terms

app_name = "rotation"

urlpatterns = [
    path("", terms.timeline, name="timeline"),
    path("propose/", terms.propose, name="propose"),
    path("planning/", planning.show, name="planning"),
    path("correct/", corrections.add, name="correct_new"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/agree/", corrections.agree, name="agree"),
    path("corrections/<int:pk>/withdraw/", corrections.withdraw, name="withdraw_correction"),
    path("<slug:slug>/", terms.term, name="term"),
    path("<slug:slug>/correct/", corrections.correct, name="correct"),
    path("<slug:slug>/edit/", terms.edit, name="edit"),
    path("<slug:slug>/confirm/", terms.confirm, name="confirm"),
    path("<slug:slug>/withdraw/", terms.withdraw, name="withdraw"),
    path("<slug:slug>/handover/", handovers.handover, name="handover"),
    path("<slug:slug>/handover/history/", handovers.handover_history, name="handover_history"),
    path("<slug:slug>/handover/items/<int:pk>/", handovers.item, name="item"),
    path("<slug:slug>/handover/sign/<slug:side>/", handovers.sign, name="sign"),
]
