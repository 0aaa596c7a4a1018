"""What a bureau calls a result more closely than the standard list does; rows are written once."""

from django.db import models
from django.db.models import Q

from gongchou.core import terms
from gongchou.inspection.models.visits import Act, Visit, choices, known


class LocalResult(Act):
    """A code of the bureau's own, standing under one of the standard results."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    code = models.CharField("代码", max_length=20)
    label = models.CharField("名称", max_length=40)
    under = models.CharField("属于", max_length=30, choices=choices(terms.VisitResult))
    since = models.DateField("启用日期")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "code"], name="one_local_result_a_code"),
            models.CheckConstraint(
                condition=known("under", terms.VisitResult), name="local_result_under_known"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(label=""), name="local_result_says_something"
            ),
        ]


class LocalResultEnd(Act):
    """From a day on a local code is chosen no more; what was chosen stays."""

    result = models.OneToOneField(LocalResult, models.PROTECT, related_name="end")
    until = models.DateField("停用日期")


class LocalResultMark(Act):
    """The local code that somebody chose for a visit, or none; the newest row counts."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="local_results")
    result = models.ForeignKey(LocalResult, models.PROTECT, null=True, related_name="+")
