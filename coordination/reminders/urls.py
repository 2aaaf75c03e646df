"""Addresses of the reminders domain."""

from django.urls import path

from coordination.reminders import views

app_name = "reminders"

urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:pk>/", views.message, name="message"),
    path("outbox/<int:pk>/retry/", views.retry, name="retry"),
    path("mail/", views.inbox, name="inbox"),
    path("mail/preferences/", views.preferences, name="preferences"),
    path("mail/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
