from django.db import models
from django.db.models import F, Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def _together(name: str, *, person: str, time: str) -> models.CheckConstraint:
    """Who and when are set together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{person: "", time: None})
        | (~Q(**{person: ""}) & Q(**{f"{time}__isnull": False})),
        name=name,
    )


class Publication(models.Model):
    """A finished document for the public; it names other rooms' things by ref and keeps no key.

    `original` is what was pulled, for the person who approves; `body` is what becomes public, and
    once published neither is ever changed.
    """

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.CharField("机构代码", max_length=20)
    kind = models.CharField("种类", max_length=20, choices=choices(terms.PublicationKind))
    source = models.CharField("来源编号", max_length=80)
    version = models.PositiveIntegerField("版次")
    title = models.CharField("标题", max_length=200)
    quarter = models.CharField("季度", max_length=6, blank=True)
    state = models.CharField("状态", max_length=20, choices=choices(terms.PublicationState))
    original = models.BinaryField("原件")
    names = models.JSONField("须隐去的姓名", default=list)
    secrets = models.JSONField("商业秘密", default=list)
    body = models.BinaryField("公开件")
    digest = models.CharField("公开件摘要", max_length=64)
    deadline_on = models.DateField("公示期限", null=True)
    is_deadline_provisional = models.BooleanField("期限暂定", default=False)
    proposed_by_ref = models.CharField("提出人编号", max_length=40)
    proposed_by_name = models.CharField("提出人", max_length=80)
    proposed_at = models.DateTimeField("提出时间")
    return_reason = models.CharField("退回理由", max_length=200, blank=True)
    approved_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    approved_by_name = models.CharField("批准人", max_length=80, blank=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    published_by_ref = models.CharField("公示人编号", max_length=40, blank=True)
    published_by_name = models.CharField("公示人", max_length=80, blank=True)
    published_at = models.DateTimeField("公示时间", null=True)
    withdrawn_by_ref = models.CharField("撤下人编号", max_length=40, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    withdrawal_reason = models.CharField("撤下理由", max_length=200, blank=True)
    replaces = models.CharField("更正的是", max_length=40, blank=True)
    replaced_by = models.CharField("已更正为", max_length=40, blank=True)
    correction_reason = models.CharField("更正理由", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["bureau", "kind", "state"], name="publications_by_kind"),
            # Covers the stamp that every public page asks for, past the large columns.
            models.Index(
                fields=["published_at", "withdrawn_at", "replaced_by"], name="publications_stamp"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "kind", "source", "version"], name="one_publication_a_version"
            ),
            models.UniqueConstraint(
                fields=["bureau", "kind", "source"],
                condition=Q(state__in=["pending", "returned", "approved"]),
                name="one_open_publication_a_source",
            ),
            models.UniqueConstraint(
                fields=["bureau", "kind", "source"],
                condition=Q(state="published", replaced_by=""),
                name="one_public_document_a_source",
            ),
            _together(
                "publication_approved_by_and_at", person="approved_by_ref", time="approved_at"
            ),
            _together(
                "publication_published_by_and_at", person="published_by_ref", time="published_at"
            ),
            _together(
                "publication_withdrawn_by_and_at", person="withdrawn_by_ref", time="withdrawn_at"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by_ref=F("proposed_by_ref")),
                name="publication_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "returned"])
                | Q(kind__in=["announcement", "log_head", "checkpoint"])
                | Q(approved_at__isnull=False),
                name="publication_needs_approval",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["published", "withdrawn"], published_at__isnull=False)
                | (~Q(state__in=["published", "withdrawn"]) & Q(published_at=None)),
                name="publication_published_at_its_state",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn") & ~Q(withdrawal_reason=""))
                | (~Q(state="withdrawn") & Q(withdrawal_reason="")),
                name="publication_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(replaces="", correction_reason="")
                | (~Q(replaces="") & ~Q(correction_reason="")),
                name="publication_corrects_with_reason",
            ),
        ]


class DoorSlip(models.Model):
    """A visit as its enterprise may see it, in a version; the newest counts, none is changed."""

    bureau = models.CharField("机构代码", max_length=20)
    visit = models.CharField("检查编号", max_length=60)
    version = models.PositiveIntegerField("版次")
    code_digest = models.CharField("查验码摘要", max_length=64)
    body = models.BinaryField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    made_at = models.DateTimeField("更新时间")

    class Meta:
        indexes = [models.Index(fields=["code_digest"], name="slips_by_code")]
        constraints = [
            models.UniqueConstraint(fields=["visit", "version"], name="one_slip_a_version")
        ]


class FirmSlip(models.Model):
    """A firm's year as the holder of its yearly code may see it, in a version; none is changed."""

    bureau = models.CharField("机构代码", max_length=20)
    subject = models.CharField("对象编号", max_length=60)
    year = models.PositiveSmallIntegerField("年份")
    version = models.PositiveIntegerField("版次")
    code_digest = models.CharField("查验码摘要", max_length=64)
    body = models.BinaryField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    made_at = models.DateTimeField("更新时间")

    class Meta:
        indexes = [models.Index(fields=["code_digest"], name="firm_slips_by_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "subject", "year", "version"], name="one_firm_slip_a_version"
            )
        ]


class PermitEntry(models.Model):
    """That a visit was entered on the permit platform, by whom and on which day; written once."""

    bureau = models.CharField("机构代码", max_length=20)
    visit = models.CharField("检查编号", max_length=60, unique=True)
    entered_on = models.DateField("填报日期")
    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")


class ResultLine(models.Model):
    """One visit of a result notice, in the words that are public: for searching and counting."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField("序号")
    visit = models.CharField("检查编号", max_length=80)
    bureau = models.CharField("机构代码", max_length=20)
    quarter = models.CharField("季度", max_length=6)
    subject = models.CharField("被检查对象", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    area = models.CharField("片区", max_length=40, blank=True)
    items = models.CharField("抽查事项", max_length=400)
    task = models.CharField("抽查任务", max_length=80)
    ended_on = models.DateField("检查日期")
    visit_result = models.CharField("检查结果", max_length=30, choices=choices(terms.VisitResult))
    is_natural_person = models.BooleanField("自然人")
    deadline_on = models.DateField("公示期限")
    is_open = models.BooleanField("办理中", default=True)
    is_public = models.BooleanField("公示中", default=False)
    keep_until = models.DateField("公示到", null=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    withdrawal_reason = models.CharField("撤下理由", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["is_public", "-ended_on"], name="public_lines_by_day"),
            models.Index(fields=["bureau", "visit"], name="lines_of_a_visit"),
            models.Index(fields=["withdrawn_at"], name="lines_withdrawn"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="one_line_a_number"),
            models.UniqueConstraint(
                fields=["bureau", "visit"], condition=Q(is_open=True), name="one_open_line_a_visit"
            ),
            models.UniqueConstraint(
                fields=["bureau", "visit"],
                condition=Q(is_public=True),
                name="one_public_line_a_visit",
            ),
            models.CheckConstraint(
                condition=~Q(is_open=True, is_public=True), name="line_open_or_public"
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(keep_until__isnull=False),
                name="public_line_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False, is_public=False) & ~Q(withdrawal_reason="")),
                name="line_withdrawn_with_reason",
            ),
        ]
