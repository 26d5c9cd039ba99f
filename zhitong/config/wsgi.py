"""The WSGI entry; refuses to start where data would be at risk."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhitong.config.settings")
application = get_wsgi_application()

from zhitong.config import warming  # noqa: E402 - needs loaded apps
from zhitong.core.checks import reasons_not_to_start  # noqa: E402 - same

_reasons = reasons_not_to_start()
if _reasons:
    raise SystemExit("\n".join(["Zhitong does not start:", *(f"- {reason}" for reason in _reasons)]))
warming.settle()
warming.begin()
