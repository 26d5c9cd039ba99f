"""What follows when a unit does not obey an order: it is called in, then criticised in a circular."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.supervision.models.tasks import Task
from zhitong.supervision.states import MeasureStep


class Measure(models.Model):
    """One step that the supervision office took after an order; each once a task, in their order."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="measures")
    step = models.CharField(max_length=10, choices=MeasureStep.choices)
    day = models.DateField()
    people = models.CharField(max_length=200, blank=True)  # who was called in, by name and office
    place = models.CharField(max_length=200, blank=True)
    text = models.TextField()  # the minutes of the talk, the text of the circular
    result = models.TextField(blank=True)
    number = models.CharField(max_length=60, blank=True)  # of the circular, where the office gave it one
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["task", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "step"], name="a_measure_is_taken_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=MeasureStep.values), name="measure_step_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_measure_says_something"),
            models.CheckConstraint(
                condition=~models.Q(step="talk")
                | (~models.Q(people="") & ~models.Q(place="") & ~models.Q(result="") & models.Q(number="")),
                name="a_talk_is_written_down_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.step}"
