"""Addresses of meetings."""

from django.urls import path

from coordination.meetings.views import (
    agenda,
    answers,
    convening,
    corrections,
    decisions,
    documents,
    hours,
    meetings,
    minutes,
    polls,
    proposals,
    seats,
    series,
)

app_name = "meetings"

urlpatterns = [
    path("", meetings.meeting_list, name="list"),
    path("convene/", convening.convene, name="convene"),
    path("replies/", answers.refused_replies, name="refused_replies"),
    path("hours/", hours.find, name="find_hour"),
    path("hours/seats/", seats.seat_list, name="seats"),
    path("hours/seats/<slug:slug>/", seats.edit, name="working_hours"),
    path("polls/new/", polls.open_poll, name="open_poll"),
    path("polls/<int:pk>/", polls.poll, name="poll"),
    path("polls/<int:pk>/close/", polls.close, name="close_poll"),
    path("polls/<int:pk>/answer/<slug:slug>/", polls.answer, name="answer_poll"),
    path("polls/link/<str:token>/", polls.answer_by_link, name="answer_poll_by_link"),
    path("series/<int:pk>/", series.series, name="series"),
    path("series/<int:pk>/calendar/", series.calendar, name="series_calendar"),
    path("series/<int:pk>/change/", series.change, name="change_series"),
    path("series/<int:pk>/extend/", series.extend, name="extend_series"),
    path("series/<int:pk>/end/", series.end, name="end_series"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/new/", proposals.propose, name="propose"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/accept/", proposals.accept, name="accept_proposal"),
    path("proposals/<int:pk>/decline/", proposals.decline, name="decline_proposal"),
    path("proposals/<int:pk>/withdraw/", proposals.withdraw, name="withdraw_proposal"),
    path("<slug:slug>/agenda/", agenda.agenda, name="agenda"),
    path("<slug:slug>/agenda/new/", agenda.add, name="add_agenda_item"),
    path("<slug:slug>/agenda/take/", agenda.take_arising, name="take_arising"),
    path("<slug:slug>/agenda/<int:pk>/", agenda.item, name="agenda_item"),
    path("<slug:slug>/agenda/<int:pk>/up/", agenda.move, {"up": True}, name="item_up"),
    path("<slug:slug>/agenda/<int:pk>/down/", agenda.move, {"up": False}, name="item_down"),
    path("<slug:slug>/agenda/<int:pk>/remove/", agenda.remove, name="remove_agenda_item"),
    path("<slug:slug>/agenda/<int:pk>/papers/new/", documents.add_to_item, name="add_item_paper"),
    path("<slug:slug>/papers/new/", documents.add, name="add_paper"),
    path("<slug:slug>/papers/<int:pk>/renew/", documents.renew, name="renew_paper"),
    path("<slug:slug>/pins/<int:pk>/remove/", documents.unpin, name="unpin_paper"),
    path("<slug:slug>/pins/<int:pk>/<int:version>/", documents.take_newer, name="take_newer"),
    path("decisions/", decisions.decision_list, name="decisions"),
    path("actions/", decisions.action_list, name="actions"),
    path("<slug:slug>/", meetings.meeting, name="meeting"),
    path("<slug:slug>/edit/", meetings.edit, name="edit"),
    path("<slug:slug>/history/", meetings.history, name="history"),
    path("<slug:slug>/cancel/", meetings.cancel, name="cancel"),
    path("<slug:slug>/outcome/", meetings.outcome, name="outcome"),
    path("<slug:slug>/calendar/", meetings.calendar, name="calendar"),
    path("<slug:slug>/answer/", answers.answer, name="answer"),
    path("answer/by-link/<str:token>/", answers.answer_by_link, name="answer_by_link"),
    path("<slug:slug>/items/new/", meetings.add_item, name="add_item"),
    path("<slug:slug>/items/<int:pk>/", meetings.action_item, name="action_item"),
    path("<slug:slug>/documents/<int:pk>/", meetings.document, name="document"),
    path("<slug:slug>/minutes/", minutes.minutes, name="minutes"),
    path("<slug:slug>/minutes/history/", minutes.history, name="minutes_history"),
    path("<slug:slug>/minutes/write/", minutes.write, name="write_paragraph"),
    path("<slug:slug>/minutes/circulate/", minutes.circulate, name="circulate_minutes"),
    path("<slug:slug>/minutes/adopt/", minutes.adopt, name="adopt_minutes"),
    path("<slug:slug>/minutes/<int:pk>/", minutes.edit, name="edit_paragraph"),
    *(
        path(
            f"<slug:slug>/minutes/<int:pk>/{act}/",
            minutes.arrange,
            {"act": act},
            name=f"{act}_paragraph",
        )
        for act in minutes.ACTS
    ),
    path("<slug:slug>/minutes/<int:pk>/correct/", corrections.propose, name="correct_paragraph"),
    path("<slug:slug>/minutes/<int:pk>/rectify/", minutes.rectify, name="rectify_paragraph"),
    path(
        "<slug:slug>/minutes/corrections/<int:pk>/withdraw/",
        corrections.withdraw,
        name="withdraw_correction",
    ),
    *(
        path(
            f"<slug:slug>/minutes/corrections/<int:pk>/{act}/",
            corrections.decide,
            {"act": act},
            name=f"{act}_correction",
        )
        for act in ("take", "decline")
    ),
]
