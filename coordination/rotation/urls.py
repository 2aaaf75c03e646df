"""Addresses of the rotation."""

from django.urls import path, register_converter

from coordination.rotation.views import (
    corrections,
    handovers,
    offers,
    operations,
    planning,
    signatures,
    terms,
    texts,
    timeline,
    vacancies,
)

app_name = "rotation"
register_converter(vacancies.DayConverter, "isodate")

urlpatterns = [
    path("", timeline.timeline, name="timeline"),
    path("calendar.ics", timeline.calendar, name="calendar"),
    path("schedule.json", timeline.data, name="schedule"),
    path("propose/", terms.propose, name="propose"),
    path("planning/", planning.show, name="planning"),
    path("correct/", corrections.add, name="correct_new"),
    path("history/", operations.history, name="history"),
    path("operations/<int:pk>/", operations.operation, name="operation"),
    path("operations/<int:pk>/agree/", offers.accept, name="accept_offer"),
    path("operations/<int:pk>/decline/", offers.decline, name="decline_offer"),
    path("operations/<int:pk>/withdraw/", offers.withdraw, name="withdraw_offer"),
    path("operations/<int:pk>/decide/", offers.decide, name="decide_offer"),
    path("vacancies/<isodate:day>/", vacancies.vacancy, name="vacancy"),
    path("vacancies/<isodate:day>/<slug:kind>/", vacancies.fill, name="fill_vacancy"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/agree/", corrections.agree, name="agree"),
    path("corrections/<int:pk>/withdraw/", corrections.withdraw, name="withdraw_correction"),
    path("lessons/", texts.all_lessons, name="lessons"),
    path("<slug:slug>/", terms.term, name="term"),
    path("<slug:slug>/exchange/", offers.offer, name="offer_exchange"),
    path("<slug:slug>/change/<slug:kind>/", operations.change, name="change"),
    path("<slug:slug>/correct/", corrections.correct, name="correct"),
    path("<slug:slug>/edit/", terms.edit, name="edit"),
    path("<slug:slug>/confirm/", terms.confirm, name="confirm"),
    path("<slug:slug>/withdraw/", terms.withdraw, name="withdraw"),
    path("<slug:slug>/handover/", handovers.handover, name="handover"),
    path("<slug:slug>/handover/history/", handovers.handover_history, name="handover_history"),
    path("<slug:slug>/handover/items/<int:pk>/", handovers.item, name="item"),
    path("<slug:slug>/handover/sign/<slug:side>/", signatures.sign, name="sign"),
    path("<slug:slug>/handover/decline/<slug:side>/", signatures.decline, name="decline"),
    path("<slug:slug>/file/", signatures.sign_to_file, name="sign_to_file"),
    path("<slug:slug>/summary/", texts.summary, name="summary"),
    path("<slug:slug>/promises/new/", texts.add_promise, name="add_promise"),
    path("<slug:slug>/promises/<int:pk>/", texts.promise, name="promise"),
    path("<slug:slug>/promises/<int:pk>/settle/", texts.settle_promise, name="settle_promise"),
    path("<slug:slug>/places/new/", texts.add_place, name="add_place"),
    path("<slug:slug>/places/<int:pk>/", texts.place, name="place"),
    path("<slug:slug>/places/<int:pk>/end/", texts.end_place, name="end_place"),
    path("<slug:slug>/lessons/new/", texts.add_lesson, name="add_lesson"),
    path("<slug:slug>/lessons/<int:pk>/", texts.lesson, name="lesson"),
    path("<slug:slug>/lessons/<int:pk>/withdraw/", texts.withdraw_lesson, name="withdraw_lesson"),
]
