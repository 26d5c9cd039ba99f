"""Addresses of the workbench."""

from __future__ import annotations

from django.urls import path

from zhitong.workbench import views

app_name = "workbench"

urlpatterns = [
    path("", views.home, name="home"),
    path("messages/", views.notices, name="notices"),
    path("find/", views.find, name="find"),
]
