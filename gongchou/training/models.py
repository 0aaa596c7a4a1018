from django.db import models
from django.db.models import Q

from gongchou.core import terms


class TrainingEvent(models.Model):
    """Something that was held; never changed. A mistaken one is withdrawn and recorded anew."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField(
        "类别", max_length=20, choices=[(one.value, one.label) for one in terms.TrainingKind]
    )
    title = models.CharField("主题", max_length=100)
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=100, blank=True)
    held_by = models.CharField("主办", max_length=80)
    audience = models.CharField("对象", max_length=200)
    audience_count = models.PositiveIntegerField("人数")
    says = models.CharField("内容", max_length=2000)
    laws = models.CharField("所讲法规政策", max_length=500, blank=True)
    visit = models.CharField("所在检查", max_length=60, blank=True)
    recorded_by_ref = models.CharField("登记人编号", max_length=40)
    recorded_by_name = models.CharField("登记人", max_length=80)
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        indexes = [models.Index(fields=["bureau", "held_on"], name="training_of_a_bureau")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in terms.TrainingKind]),
                name="training_kind_known",
            ),
            models.CheckConstraint(condition=Q(audience_count__gte=1), name="training_has_people"),
            models.CheckConstraint(
                condition=Q(visit="") | Q(kind="service"), name="only_service_is_at_a_visit"
            ),
        ]


class TrainingMaterial(models.Model):
    """A file that was used or that proves the event: slides, leaflet, photo, sign-in sheet."""

    event = models.ForeignKey(TrainingEvent, models.PROTECT, related_name="materials")
    number = models.PositiveIntegerField("序号")
    name = models.CharField("文件名", max_length=200)
    file = models.CharField("存放位置", max_length=200)
    media_type = models.CharField("格式", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("SHA-256", max_length=64)
    added_by_ref = models.CharField("加入人编号", max_length=40)
    added_by_name = models.CharField("加入人", max_length=80)
    added_at = models.DateTimeField("加入时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="one_material_a_number"),
            models.UniqueConstraint(fields=["event", "sha256"], name="a_material_once_an_event"),
        ]


class Attendance(models.Model):
    """That a person of the bureau took part; the name and section as they were."""

    event = models.ForeignKey(TrainingEvent, models.PROTECT, related_name="attendances")
    person = models.CharField("人员编号", max_length=40)
    person_name = models.CharField("姓名", max_length=80)
    unit = models.CharField("科室", max_length=80, blank=True)
    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="a_person_attends_once")
        ]


class EventWithdrawal(models.Model):
    """Why an event no longer counts; its row stays."""

    event = models.OneToOneField(TrainingEvent, models.PROTECT, related_name="withdrawal")
    reason = models.CharField("理由", max_length=200)
    by_ref = models.CharField("撤销人编号", max_length=40)
    by_name = models.CharField("撤销人", max_length=80)
    at = models.DateTimeField("撤销时间")


class GoodPractice(models.Model):
    """What worked well, as somebody of the house wrote it down; never changed."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    title = models.CharField("名称", max_length=100)
    says = models.CharField("做法", max_length=1000)
    effect = models.CharField("效果", max_length=500)
    unit = models.CharField("来自科室", max_length=80)
    offered_on = models.DateField("收集日期")
    offered_by_ref = models.CharField("提出人编号", max_length=40)
    offered_by_name = models.CharField("提出人", max_length=80)
    offered_at = models.DateTimeField("提出时间")


class PracticeVerdict(models.Model):
    """Whether a practice is taken up, by somebody who did not offer it."""

    practice = models.OneToOneField(GoodPractice, models.PROTECT, related_name="verdict")
    is_taken_up = models.BooleanField("推广")
    opinion = models.CharField("意见", max_length=200)
    decided_on = models.DateField("决定日期")
    by_ref = models.CharField("决定人编号", max_length=40)
    by_name = models.CharField("决定人", max_length=80)
    at = models.DateTimeField("决定时间")


class Quiz(models.Model):
    """A short test about an event; never changed, and nobody sees the right answers before."""

    ref = models.CharField("编号", max_length=60, unique=True)
    event = models.ForeignKey(TrainingEvent, models.PROTECT, related_name="quizzes")
    title = models.CharField("名称", max_length=100)
    questions = models.JSONField("题目")
    least = models.PositiveSmallIntegerField("合格题数")
    attempts = models.PositiveSmallIntegerField("可答次数")
    until = models.DateField("截止日")
    by_ref = models.CharField("出题人编号", max_length=40)
    by_name = models.CharField("出题人", max_length=80)
    at = models.DateTimeField("出题时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(least__gte=1) & Q(attempts__gte=1), name="quiz_can_be_passed"
            )
        ]


class QuizAttempt(models.Model):
    """What a person answered, marked at once; each counts, none is changed."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="made")
    person = models.CharField("人员编号", max_length=40)
    person_name = models.CharField("姓名", max_length=80)
    number = models.PositiveSmallIntegerField("第几次")
    answers = models.JSONField("回答")
    right = models.PositiveSmallIntegerField("答对题数")
    is_passed = models.BooleanField("合格")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "person", "number"], name="one_attempt_a_number"
            ),
        ]
