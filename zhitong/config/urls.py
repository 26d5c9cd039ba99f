"""All addresses. Each must have its row in the access table of the tests."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from zhitong.config import views
from zhitong.config.api import api
from zhitong.replies.views import public

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", set_language, name="set_language"),
    path("health/", views.health, name="health"),
    path("files/<uuid:pk>/", views.download, name="download"),
    path("files/<uuid:pk>/small/", views.thumbnail, name="thumbnail"),
    path("sign-in/", include("zhitong.orgs.signin.urls")),
    path("my/", include("zhitong.portal.urls")),
    path("desk/", include("zhitong.workbench.urls")),
    path("cases/", include("zhitong.cases.urls")),
    path("replies/", include("zhitong.replies.urls")),
    path("r/<str:token>/", public.reply, name="reply"),
    path("commons/", include("zhitong.commons.urls")),
    path("drafts/", include("zhitong.drafts.urls")),
    path("notices/", include("zhitong.notices.urls")),
    path("ratings/", include("zhitong.feedback.urls")),
    path("supervision/", include("zhitong.supervision.urls")),
    path("precedents/", include("zhitong.insight.urls")),
    path("reports/", include("zhitong.reports.urls")),
    path("firms/", include("zhitong.enterprises.urls")),
    path("webhooks/", include("zhitong.webhooks.urls")),
    path("api/v1/", api.urls),
    path("settings/", include("zhitong.orgs.urls")),
]

handler404 = "zhitong.config.errors.not_found"
handler500 = "zhitong.config.errors.server_error"
handler429 = "zhitong.orgs.signin.lockout.too_many_requests"
