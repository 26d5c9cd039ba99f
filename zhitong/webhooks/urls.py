"""Addresses of the pages of subscriptions."""

from __future__ import annotations

from django.urls import path

from zhitong.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("", views.subscriptions, name="list"),
    path("<int:pk>/", views.subscription, name="subscription"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/secret/", views.renew_secret, name="renew_secret"),
    path("deliveries/<int:pk>/resend/", views.resend, name="resend"),
]
