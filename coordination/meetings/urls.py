"""Addresses of meetings."""

from django.urls import path

from coordination.meetings.views import answers, hours, meetings, papers, polls, roll, seats, trend

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
    path("<slug:slug>/agenda.pdf", papers.agenda, name="agenda_pdf"),
    path("<slug:slug>/record.pdf", papers.record, name="record_pdf"),
    path("<slug:slug>/roll/", roll.roll, name="roll"),
    path("<slug:slug>/roll.csv", roll.sheet, {"ending": "csv"}, name="roll_csv"),
    path("<slug:slug>/roll.xlsx", roll.sheet, {"ending": "xlsx"}, name="roll_xlsx"),
    path("<slug:slug>/roll/claim/", roll.claim, name="claim"),
    path("<slug:slug>/roll/claims/<int:pk>/", roll.settle, name="settle_claim"),
]
