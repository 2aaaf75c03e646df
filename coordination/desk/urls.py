"""Addresses of the desk."""

from django.urls import path

from coordination.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("search/", views.find, name="search"),
    path("health/", views.health, name="health"),
]
