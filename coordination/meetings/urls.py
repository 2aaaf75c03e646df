"""Addresses of meetings."""

from django.urls import path

from coordination.meetings.views import (
    answers,
    corrections,
    decisions,
    hours,
    meetings,
    minutes,
    papers,
    polls,
    roll,
    seats,
    trend,
)

app_name = "meetings"

urlpatterns = [
    path("", meetings.meeting_list, name="list"),
    path("convene/", meetings.convene, name="convene"),
    path("trend/", trend.trend, name="trend"),
    path("replies/", answers.refused_replies, name="refused_replies"),
    path("hours/", hours.find, name="find_hour"),
    path("hours/seats/", seats.seat_list, name="seats"),
    path("hours/seats/<slug:slug>/", seats.edit, name="working_hours"),
    path("polls/new/", polls.open_poll, name="open_poll"),
    path("polls/<int:pk>/", polls.poll, name="poll"),
    path("polls/<int:pk>/close/", polls.close, name="close_poll"),
    path("polls/<int:pk>/answer/<slug:slug>/", polls.answer, name="answer_poll"),
    path("polls/link/<str:token>/", polls.answer_by_link, name="answer_poll_by_link"),
    path("decisions/", decisions.decision_list, name="decisions"),
    path("decisions.csv", decisions.decision_sheet, {"ending": "csv"}, name="decisions_csv"),
    path("decisions.xlsx", decisions.decision_sheet, {"ending": "xlsx"}, name="decisions_xlsx"),
    path("actions/", decisions.action_list, name="actions"),
    path("actions.csv", decisions.action_sheet, {"ending": "csv"}, name="actions_csv"),
    path("actions.xlsx", decisions.action_sheet, {"ending": "xlsx"}, name="actions_xlsx"),
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
    path("<slug:slug>/agenda.pdf", papers.agenda, name="agenda_pdf"),
    path("<slug:slug>/record.pdf", papers.record, name="record_pdf"),
    path("<slug:slug>/minutes.pdf", papers.minutes, name="minutes_pdf"),
    path("<slug:slug>/roll/", roll.roll, name="roll"),
    path("<slug:slug>/roll.csv", roll.sheet, {"ending": "csv"}, name="roll_csv"),
    path("<slug:slug>/roll.xlsx", roll.sheet, {"ending": "xlsx"}, name="roll_xlsx"),
    path("<slug:slug>/roll/claim/", roll.claim, name="claim"),
    path("<slug:slug>/roll/claims/<int:pk>/", roll.settle, name="settle_claim"),
]
