"""Addresses of feedback."""

from __future__ import annotations

from django.urls import path

from zhitong.feedback.views import effects, ratings, thanks

app_name = "feedback"

urlpatterns = [
    path("<int:pk>/", ratings.rate, name="rate"),
    path("<int:pk>/visit/", ratings.visit, name="visit"),
    path("<int:pk>/exclude/", ratings.exclude, name="exclude"),
    path("<int:pk>/effect/", effects.expect, name="expect"),
    path("effects/", effects.effects, name="effects"),
    path("effects/export/", effects.effect_export, name="effect_export"),
    *(
        path(f"effects/<int:pk>/{step}/", effects.effect, {"step": step}, name=f"effect_{step}")
        for step in effects.SAYS
    ),
    path("<int:pk>/thanks/", thanks.thank, name="thank"),
    path("thanks/", thanks.thanks_list, name="thanks"),
    path("thanks/export/", thanks.thanks_export, name="thanks_export"),
    path("thanks/<int:pk>/withdraw/", thanks.withdraw, name="withdraw_thanks"),
    path("visits/", ratings.visits, name="visits"),
    path("exclusions/", ratings.exclusions, name="exclusions"),
    path("exclusions/<int:pk>/", ratings.exclusion, name="exclusion"),
    path("figures/", ratings.figure_table, name="figures"),
    path("figures/export/", ratings.figure_export, name="export"),
    path("figures/rows/", ratings.figure_rows, name="rows"),
]
