"""Addresses of cases; one for each action of the flow."""

from __future__ import annotations

from django.urls import path

from zhitong.cases import views

app_name = "cases"

urlpatterns = [
    path("", views.case_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.submit, name="submit"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/print/", views.print_sheet, name="print"),
    path("<int:pk>/supplement/", views.action_view("supplement"), name="supplement"),
    path("<int:pk>/withdraw/", views.action_view("withdraw"), name="withdraw"),
    path("<int:pk>/accept/", views.action_view("accept"), name="accept"),
    path("<int:pk>/return/", views.action_view("return"), name="return"),
    path("<int:pk>/dispatch/", views.action_view("dispatch"), name="dispatch"),
    path("<int:pk>/redispatch/", views.action_view("redispatch"), name="redispatch"),
    path("<int:pk>/close/", views.action_view("close"), name="close"),
    path("<int:pk>/assign/", views.action_view("assign"), name="assign"),
    path("<int:pk>/start/", views.action_view("start"), name="start"),
    path("<int:pk>/note/", views.action_view("note"), name="note"),
    path("<int:pk>/answer/", views.action_view("answer"), name="answer"),
    path("<int:pk>/approve/", views.action_view("approve"), name="approve"),
    path("<int:pk>/reject/", views.action_view("reject"), name="reject"),
]
