"""Addresses of the office's pages of replies; the unit's own page stands at the top of the site."""

from __future__ import annotations

from django.urls import path

from zhitong.replies.views import office

app_name = "replies"

urlpatterns = [
    path("", office.reply_list, name="list"),
    path("<int:pk>/<slug:kind>/link/", office.make_link, name="link"),
    path("<int:pk>/<slug:kind>/paper/", office.paper, name="paper"),
    path("links/<int:pk>/revoke/", office.revoke_link, name="revoke"),
    path("<int:pk>/take/", office.take, name="take"),
    path("<int:pk>/refuse/", office.refuse, name="refuse"),
]
