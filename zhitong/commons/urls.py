"""Addresses of common problems."""

from __future__ import annotations

from django.urls import path

from zhitong.commons import views

app_name = "commons"

urlpatterns = [
    path("", views.problem_list, name="list"),
    path("export/", views.export, name="export"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/confirm/", views.confirm, name="confirm"),
    path("<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("<int:pk>/newcomers/", views.settle, name="settle"),
    path("<int:pk>/month/", views.month, name="month"),
]
