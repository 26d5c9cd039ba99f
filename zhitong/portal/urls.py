"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from zhitong.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("messages/", views.notices, name="notices"),
    path("me/", views.me, name="me"),
]
