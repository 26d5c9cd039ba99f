"""Files that people sent, after their content was examined."""

from __future__ import annotations

import uuid

from django.db import models


class Upload(models.Model):
    """One examined file; `subject` names the row it hangs on (a plain name and id, no foreign key)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=100)
    subject = models.CharField(max_length=80, blank=True, db_index=True)
    visible_to_firm = models.BooleanField(default=True)
    kind = models.CharField(max_length=10)
    mime = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["photo", "audio", "document"]), name="upload_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """What identifies the content when a form is sent twice."""
        return self.sha256
