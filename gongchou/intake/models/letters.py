from django.db import models
from django.db.models import Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def known(field: str, term: type[terms.Term], *, may_be_empty: bool = False) -> Q:
    words = [member.value for member in term]
    return Q(**{f"{field}__in": [*words, ""] if may_be_empty else words})


class Letter(models.Model):
    """One thing sent in; never changed. `about` names the visit whose code the sender held."""

    ref = models.CharField("回执编号", max_length=40, unique=True)
    bureau = models.CharField("机构代码", max_length=20)
    kind = models.CharField("种类", max_length=20, choices=choices(terms.IntakeKind))
    about = models.CharField("检查编号", max_length=60, blank=True)
    subject = models.CharField("单位名称", max_length=200)
    place = models.CharField("地点", max_length=200, blank=True)
    says = models.TextField("内容")
    sender = models.CharField("称呼", max_length=40, blank=True)
    contact = models.CharField("联系方式", max_length=80, blank=True)
    code_digest = models.CharField("回执码摘要", max_length=64)
    digest = models.CharField("内容摘要", max_length=64)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("kind", terms.IntakeKind), name="letter_kind_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind="complaint") & Q(about=""))
                | (~Q(kind="complaint") & ~Q(about="")),
                name="letter_about_a_visit_unless_complaint",
            ),
        ]
        indexes = [
            models.Index(fields=["bureau", "kind"], name="letters_of_a_kind"),
            models.Index(fields=["about"], name="letters_about_a_visit"),
        ]


class LetterFile(models.Model):
    """A file of a letter as it was kept: pictures are drawn anew, without what cameras add."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("文件名", max_length=80)
    media_type = models.CharField("格式", max_length=40)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("摘要", max_length=64)
    path = models.CharField("存放位置", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="one_letter_file_a_number")
        ]


class LetterStep(models.Model):
    """A step of handling, written once; the newest one is where the letter stands."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="steps")
    state = models.CharField("状态", max_length=20, choices=choices(terms.IntakeState))
    outcome = models.CharField(
        "办理结果", max_length=20, choices=choices(terms.IntakeOutcome), blank=True
    )
    says = models.CharField("答复", max_length=1000, blank=True)
    by_ref = models.CharField("办理人编号", max_length=40)
    by_name = models.CharField("办理人", max_length=80)
    at = models.DateTimeField("办理时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "state"], name="one_letter_step_a_state"),
            models.CheckConstraint(
                condition=known("state", terms.IntakeState), name="letter_state_known"
            ),
            models.CheckConstraint(
                condition=known("outcome", terms.IntakeOutcome, may_be_empty=True),
                name="letter_outcome_known",
            ),
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(outcome="") & ~Q(says=""))
                | (~Q(state="answered") & Q(outcome="", says="")),
                name="letter_answered_with_words",
            ),
        ]


class LetterNews(models.Model):
    """What became of a letter after its answer, written once a step; `about` names a visit."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="news")
    what = models.CharField("进展", max_length=20, choices=choices(terms.LetterProgress))
    says = models.CharField("说明", max_length=500, blank=True)
    about = models.CharField("检查编号", max_length=60, blank=True)
    by_ref = models.CharField("登记人编号", max_length=40)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "what"], name="one_letter_news_a_step"),
            models.CheckConstraint(
                condition=known("what", terms.LetterProgress), name="letter_news_known"
            ),
        ]


class RatingCount(models.Model):
    """How often a question was answered so in a quarter.

    There is no row for a single rating, so nothing ties one to a visit, a firm or an hour.
    """

    bureau = models.CharField("机构代码", max_length=20)
    quarter = models.CharField("季度", max_length=6)
    question = models.CharField("项目", max_length=30, choices=choices(terms.RatingQuestion))
    is_yes = models.BooleanField("答是")
    count = models.PositiveIntegerField("次数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "quarter", "question", "is_yes"], name="one_count_an_answer"
            )
        ]


class SpentRating(models.Model):
    """A code that has rated: the digest alone, and not what it answered."""

    token = models.CharField("已用标记", max_length=64, unique=True)
