"""The addresses of an installation that has outside accounts configured."""

from __future__ import annotations

from django.urls import include, path

from zhitong.config.urls import handler404, handler500
from zhitong.config.urls import urlpatterns as built
from zhitong.orgs.signin.urls import outside

urlpatterns = [path("sign-in/", include(outside({"openid_connect", "weixin"}))), *built]
__all__ = ["handler404", "handler500", "urlpatterns"]
