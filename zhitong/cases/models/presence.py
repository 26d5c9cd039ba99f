"""Who has the page of a case open; forgotten after minutes, and no part of the case's history."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.models.case import Case


class Presence(models.Model):
    """Somebody of the office looks at a case: since when, and when last heard of."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="somebody_is_here_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"
