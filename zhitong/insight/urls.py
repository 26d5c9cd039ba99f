"""Addresses of precedents and canned answers."""

from __future__ import annotations

from django.urls import path

from zhitong.insight.views import canned, precedents

app_name = "insight"

urlpatterns = [
    path("", precedents.precedent_list, name="list"),
    path("export/", precedents.export, name="export"),
    path("from-case/<int:pk>/", precedents.make, name="make"),
    path("<int:pk>/", precedents.detail, name="detail"),
    path("<int:pk>/print/", precedents.print_sheet, name="print"),
    path("<int:pk>/edit/", precedents.edit, name="edit"),
    path("<int:pk>/send/", precedents.step_view("send"), name="send"),
    path("<int:pk>/publish/", precedents.step_view("publish"), name="publish"),
    path("<int:pk>/send-back/", precedents.step_view("send_back"), name="send_back"),
    path("<int:pk>/renew/", precedents.step_view("renew"), name="renew"),
    path("<int:pk>/withdraw/", precedents.step_view("withdraw"), name="withdraw"),
    path("use/<int:pk>/", precedents.use, name="use"),
    path("<int:pk>/solved/", precedents.solved, name="solved"),
    path("canned/", canned.canned_list, name="canned"),
    path("canned/add/", canned.add_canned, name="add_canned"),
    path("canned/<int:pk>/", canned.canned_answer, name="canned_answer"),
    path("canned/<int:pk>/change/", canned.change_canned, name="change_canned"),
    path("canned/<int:pk>/drop/", canned.drop_canned, name="drop_canned"),
]
