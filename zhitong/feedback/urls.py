"""Addresses of feedback."""

from __future__ import annotations

from django.urls import path

from zhitong.feedback import effect_views, views

app_name = "feedback"

urlpatterns = [
    path("<int:pk>/", views.rate, name="rate"),
    path("<int:pk>/visit/", views.visit, name="visit"),
    path("<int:pk>/exclude/", views.exclude, name="exclude"),
    path("<int:pk>/effect/", effect_views.expect, name="expect"),
    path("effects/", effect_views.effects, name="effects"),
    path("effects/export/", effect_views.effect_export, name="effect_export"),
    *(
        path(f"effects/<int:pk>/{step}/", effect_views.effect, {"step": step}, name=f"effect_{step}")
        for step in effect_views.SAYS
    ),
    path("visits/", views.visits, name="visits"),
    path("exclusions/", views.exclusions, name="exclusions"),
    path("exclusions/<int:pk>/", views.exclusion, name="exclusion"),
    path("figures/", views.figure_table, name="figures"),
    path("figures/export/", views.figure_export, name="export"),
    path("figures/rows/", views.figure_rows, name="rows"),
]
