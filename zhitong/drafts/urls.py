"""Addresses of drafts."""

from __future__ import annotations

from django.urls import path

from zhitong.drafts import views

app_name = "drafts"

urlpatterns = [
    path("", views.draft_list, name="list"),
    path("mails/", views.mail_list, name="mails"),
    path("lots/", views.lot_list, name="lots"),
    path("paste/", views.paste, name="paste"),
    path("sheet/", views.sheet, name="sheet"),
    path("many/", views.many, name="many"),
    path("<int:pk>/", views.draft, name="draft"),
    path("<int:pk>/enter/", views.enter, name="enter"),
]
