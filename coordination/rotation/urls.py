"""Addresses of the rotation."""

from django.urls import path

from coordination.rotation.views import (
    candidatures,
    corrections,
    decisions,
    handovers,
    selections,
    terms,
    votes,
)

app_name = "rotation"

urlpatterns = [
    path("", terms.timeline, name="timeline"),
    path("propose/", terms.propose, name="propose"),
    path("correct/", corrections.add, name="correct_new"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/agree/", corrections.agree, name="agree"),
    path("corrections/<int:pk>/withdraw/", corrections.withdraw, name="withdraw_correction"),
    path("selections/", selections.listing, name="selections"),
    path("selections/open/", selections.open_, name="open_selection"),
    path("selections/away/<int:pk>/end/", candidatures.available, name="available"),
    path("selections/<slug:slug>/", selections.show, name="selection"),
    path("selections/<slug:slug>/dates/", selections.dates, name="selection_dates"),
    path("selections/<slug:slug>/close/", selections.close, name="close_selection"),
    path("selections/<slug:slug>/answer/", candidatures.answer, name="answer"),
    path("selections/<slug:slug>/principals/", candidatures.principals, name="principals"),
    path("selections/<slug:slug>/terms/<int:pk>/decide/", decisions.decide, name="decide"),
    path("selections/<slug:slug>/terms/<int:pk>/vote/", votes.open_, name="open_vote"),
    path("selections/<slug:slug>/votes/<int:pk>/", votes.vote, name="vote"),
    path("selections/<slug:slug>/votes/<int:pk>/close/", votes.close, name="close_vote"),
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
