from django.db import models
from django.db.models import Q

from gongchou.core.oversight_terms import WebhookState


class Webhook(models.Model):
    """A system that is told of events; the trail itself is the queue, `told` its place in it."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    name = models.CharField("用途", max_length=80)
    url = models.CharField("地址", max_length=300)
    kinds = models.JSONField("事件")
    state = models.CharField(
        "状态", max_length=10, choices=[(one.value, one.label) for one in WebhookState]
    )
    stopped_why = models.CharField("停用原因", max_length=200, blank=True)
    told = models.PositiveBigIntegerField("已通知到")
    failures = models.PositiveSmallIntegerField("连续没有送到", default=0)
    next_at = models.DateTimeField("下次发送")
    by_ref = models.CharField("新建人编号", max_length=40)
    by_name = models.CharField("新建人", max_length=80)
    at = models.DateTimeField("新建时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in WebhookState]),
                name="webhook_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=WebhookState.ON.value) | Q(stopped_why=""),
                name="webhook_that_is_on_has_no_reason_to_stop",
            ),
        ]
