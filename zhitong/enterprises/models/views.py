"""How somebody likes to see the register."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """Filters, order and columns of the register under a name of one's own."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="register_views"
    )
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="a_view_has_its_own_name")]

    def __str__(self) -> str:
        return self.name
