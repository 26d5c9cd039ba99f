"""Addresses of supervised matters; one for each step of a task."""

from __future__ import annotations

from django.urls import path

from zhitong.supervision.forms import ITEM_FORMS, REFERRAL_FORMS, STEP_FORMS
from zhitong.supervision.views import matters, referrals, samples, weeks

app_name = "supervision"

urlpatterns = [
    path("", matters.task_list, name="list"),
    path("export/", matters.export, name="export"),
    path("instruct/", matters.issue_view("instruct"), name="instruct"),
    path("order/", matters.issue_view("order"), name="order"),
    path("<int:pk>/", matters.detail, name="detail"),
    path("<int:pk>/print/", matters.print_sheet, name="print"),
    path("<int:pk>/transcribe/", matters.transcribe, name="transcribe"),
    path("checks/", samples.sample_list, name="samples"),
    path("checks/<int:pk>/", samples.sample, name="sample"),
    path("checks/<int:pk>/population/", samples.population, name="population"),
    path("checks/cases/<int:pk>/", samples.check, name="check"),
    path("weeks/", weeks.week_list, name="weeks"),
    path("weeks/<int:pk>/", weeks.week, name="week"),
    path("weeks/<int:pk>/export/", weeks.week_export, name="week_export"),
    path("weeks/<int:pk>/add/", weeks.add, name="add_to_week"),
    *(
        path(f"weeks/cases/<int:pk>/{name.replace('_', '-')}/", weeks.item_view(name), name=name)
        for name in ITEM_FORMS
    ),
    path("circulars/<int:pk>/word/", matters.circular_word, name="circular_word"),
    path("leader/", referrals.leader_list, name="leader"),
    path("leader/propose/<int:pk>/", referrals.propose, name="propose"),
    path("leader/<int:pk>/", referrals.referral, name="referral"),
    *(
        path(f"leader/<int:pk>/{name.split('_')[0]}/", referrals.referral_view(name), name=name)
        for name in REFERRAL_FORMS
    ),
    *(
        path(f"tasks/<int:pk>/{name.replace('_', '-')}/", matters.step_view(name), name=name)
        for name in STEP_FORMS
    ),
]
