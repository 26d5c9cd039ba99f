"""Addresses of reports."""

from __future__ import annotations

from django.urls import path

from zhitong.reports.views import ledger, reports, templates

app_name = "reports"

urlpatterns = [
    path("", reports.report_list, name="list"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/word/", reports.word, name="word"),
    path("<int:pk>/excel/", reports.excel, name="excel"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/export/", ledger.export, name="export"),
    path("ledger/fill/", ledger.fill, name="fill"),
    path("ledger/keep/", ledger.keep, name="keep"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/new/", templates.add, name="add"),
    path("templates/standard/", templates.standard, name="standard"),
    path("templates/<int:pk>/", templates.template, name="template"),
    path("templates/<int:pk>/withdraw/", templates.withdraw, name="withdraw"),
    path("templates/versions/<int:pk>/", templates.version, name="version"),
]
