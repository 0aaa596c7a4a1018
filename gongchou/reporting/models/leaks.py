from django.db import models


class LeakTest(models.Model):
    """One run of the leak test on a draw: seed, rounds and outcome; run again, a row more."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    draw = models.CharField("抽取编号", max_length=60)
    seed = models.CharField("种子", max_length=64)
    rounds = models.PositiveIntegerField("重排次数")
    body = models.JSONField("结果")
    digest = models.CharField("摘要", max_length=64)
    by_ref = models.CharField("检验人编号", max_length=40)
    by_name = models.CharField("检验人", max_length=80)
    at = models.DateTimeField("检验时间")
