"""Tables of what comes from outside: files, wind, cameras, sightings; and of remote enforcement."""

from django.db import models
from django.db.models import Q

from gongchou.core import clue_terms as terms
from gongchou.offsite.clue_models import Act, Clue, choices, words


class InletFile(Act):
    """What was handed in, with its bytes: what was made of it can be made again.

    `source` names whose program pushed it; it is empty where a person uploaded a file.
    """

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=20, choices=choices(terms.InletKind))
    source = models.CharField("推送来源", max_length=40, blank=True)
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("摘要", max_length=64)
    content = models.BinaryField("内容")
    accepted = models.PositiveIntegerField("采用行数")
    rejected = models.PositiveIntegerField("退回行数")
    filtered = models.PositiveIntegerField("剔除行数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "kind", "sha256"], name="a_file_once")
        ]


class PushedRow(models.Model):
    """A row that a program pushed, by the number its source gave it: sent twice it counts once."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=20, choices=choices(terms.InletKind))
    source = models.CharField("推送来源", max_length=40)
    number = models.CharField("来源编号", max_length=60)
    digest = models.CharField("摘要", max_length=64)
    file = models.ForeignKey(InletFile, models.PROTECT, related_name="pushed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "kind", "source", "number"], name="a_pushed_row_once"
            )
        ]


class WindReading(models.Model):
    """The wind at a station: from where in tenths of a degree, how fast in tenths of m/s."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    file = models.ForeignKey(InletFile, models.PROTECT, related_name="winds")
    station = models.CharField("站名", max_length=40)
    longitude = models.IntegerField("经度")
    latitude = models.IntegerField("纬度")
    at = models.DateTimeField("时间")
    direction = models.PositiveSmallIntegerField("风向")
    speed = models.PositiveSmallIntegerField("风速")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "station", "at"], name="one_wind_a_moment")
        ]


class Camera(models.Model):
    """Which site a camera looks at; a later file's row takes the place of an earlier one."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    file = models.ForeignKey(InletFile, models.PROTECT, related_name="cameras")
    code = models.CharField("摄像头编号", max_length=40)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")


class Sighting(models.Model):
    """One thing a file reported that may become a clue once a person has confirmed it."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    file = models.ForeignKey(InletFile, models.PROTECT, related_name="sightings")
    row = models.PositiveIntegerField("行号")
    kind = models.CharField("种类", max_length=20, choices=choices(terms.InletKind))
    family = models.CharField("污染类别", max_length=20, choices=choices(terms.PollutantFamily))
    started_at = models.DateTimeField("起")
    ended_at = models.DateTimeField("止")
    longitude = models.IntegerField("经度", null=True)
    latitude = models.IntegerField("纬度", null=True)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+", null=True)
    says = models.CharField("情况", max_length=1000)
    body = models.JSONField("依据和候选单位", default=dict)
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=20, choices=choices(terms.SightingState))
    decided_by = models.CharField("确认人", max_length=80, blank=True)
    decided_at = models.DateTimeField("确认时间", null=True)
    why = models.CharField("说明", max_length=500, blank=True)
    clue = models.ForeignKey(Clue, models.PROTECT, related_name="sightings", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=words("state", terms.SightingState), name="sighting_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, decided_by="")
                | (~Q(state="waiting") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="sighting_decided_by_somebody",
            ),
        ]


class RemoteCheck(Act):
    """A video link with a site: asked for, approved, held, minuted. Never a visit of a draw."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    subject_name = models.CharField("单位名称", max_length=200)
    clue = models.ForeignKey(Clue, models.PROTECT, related_name="remote_checks", null=True)
    purpose = models.CharField("核查事项", max_length=500)
    planned_on = models.DateField("计划日期")
    state = models.CharField("状态", max_length=20, choices=choices(terms.RemoteCheckState))
    needs_approval = models.BooleanField("须经批准")
    decided_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    decided_by = models.CharField("批准人", max_length=80, blank=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    opinion = models.CharField("批准意见", max_length=300, blank=True)
    started_at = models.DateTimeField("连线开始", null=True)
    ended_at = models.DateTimeField("连线结束", null=True)
    officers = models.CharField("执法方人员", max_length=200, blank=True)
    site_people = models.CharField("企业方人员", max_length=200, blank=True)
    minutes = models.CharField("核查经过", max_length=4000, blank=True)
    recording_name = models.CharField("录像文件名", max_length=200, blank=True)
    recording_sha256 = models.CharField("录像摘要", max_length=64, blank=True)
    conclusion = models.CharField(
        "结论", max_length=20, choices=choices(terms.RemoteConclusion), blank=True
    )
    digest = models.CharField("记录摘要", max_length=64, blank=True)
    held_by_ref = models.CharField("记录人编号", max_length=40, blank=True)
    held_by = models.CharField("记录人", max_length=80, blank=True)
    held_at = models.DateTimeField("记录时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=words("state", terms.RemoteCheckState), name="remote_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="held")
                | (
                    Q(started_at__isnull=False, ended_at__isnull=False, held_at__isnull=False)
                    & ~Q(minutes="")
                    & ~Q(conclusion="")
                    & ~Q(recording_sha256="")
                ),
                name="held_remote_check_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="requested") | Q(needs_approval=False) | ~Q(decided_by_ref=""),
                name="remote_approved_before_held",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_ref="") | ~Q(decided_by_ref=models.F("by_ref")),
                name="remote_approved_by_another",
            ),
        ]
