"""Addresses of the office's pages of replies; the unit's own page stands at the top of the site."""

from __future__ import annotations

from django.urls import path

from zhitong.replies.views import office, sheets

app_name = "replies"

urlpatterns = [
    path("", office.reply_list, name="list"),
    path("<int:pk>/<slug:kind>/link/", office.make_link, name="link"),
    path("<int:pk>/<slug:kind>/paper/", office.paper, name="paper"),
    path("links/<int:pk>/revoke/", office.revoke_link, name="revoke"),
    path("units/<int:pk>/sheet/", sheets.give, name="give_sheet"),
    path("units/<int:pk>/sheet/back/", sheets.receive, name="receive_sheet"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/refused/", sheets.refused, name="refused_rows"),
    path("<int:pk>/take/", office.take, name="take"),
    path("<int:pk>/refuse/", office.refuse, name="refuse"),
]
