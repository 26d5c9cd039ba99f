"""Addresses of messages that leave the system."""

from __future__ import annotations

from django.urls import path

from zhitong.notices.views import office, own, public

app_name = "notices"

urlpatterns = [
    path("", own.choose, name="choose"),
    path("address/", own.address, name="address"),
    path("address/code/", own.confirm, name="confirm"),
    path("address/remove/", own.remove_address, name="remove_address"),
    path("deliveries/", office.deliveries, name="deliveries"),
    path("deliveries/retry/", office.retry, name="retry"),
    path("report/<str:adapter>/", public.report, name="report"),
]
