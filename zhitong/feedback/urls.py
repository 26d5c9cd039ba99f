"""Addresses of feedback."""

from __future__ import annotations

from django.urls import path

from zhitong.feedback import views

app_name = "feedback"

urlpatterns = [path("<int:pk>/", views.rate, name="rate")]
