"""Addresses of cases; one for each action of the flow."""

from __future__ import annotations

from django.urls import path

from zhitong.cases import views, views_before
from zhitong.cases.forms import ACTION_FORMS, ASSIST_FORMS

app_name = "cases"


def slug(action: str) -> str:
    """Return how an action is written in an address."""
    return action.replace("_", "-")


urlpatterns = [
    path("", views.case_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.submit, name="submit"),
    path("alike/", views.own_alike, name="own_alike"),
    path("many/", views.many, name="many"),
    path("plans/", views.plans, name="plans"),
    path("<int:pk>/", views.detail, name="detail"),
    path("calls/<int:pk>/", views.call, name="call"),
    path("<int:pk>/lead-sheet/", views.lead_sheet, name="lead_sheet"),
    path("<int:pk>/categorise/", views.categorise, name="categorise"),
    path("<int:pk>/take-back-category/", views.take_back_category, name="take_back_category"),
    path("<int:pk>/sound/", views_before.sound, name="sound"),
    path("soundings/<int:pk>/", views_before.answer_sounding, name="answer_sounding"),
    path("<int:pk>/link-firm/", views_before.link_firm, name="link_firm"),
    path("<int:pk>/alike/", views.case_alike, name="alike"),
    path("<int:pk>/here/", views.here, name="here"),
    path("<int:pk>/print/", views.print_sheet, name="print"),
    *(path(f"<int:pk>/{slug(name)}/", views.action_view(name), name=name) for name in ACTION_FORMS),
    *(
        path(f"parts/<int:pk>/{name}/", views.assist_view(name), name=f"{name}_assist")
        for name in ASSIST_FORMS
    ),
]
