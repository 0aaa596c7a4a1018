from typing import Any

from django.db import models
from django.db.models import F, Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def known(field: str, term: type[terms.Term], *, may_be_empty: bool = False) -> Q:
    """The field holds a word of the glossary."""
    words = [member.value for member in term]
    return Q(**{f"{field}__in": [*words, ""] if may_be_empty else words})


def paired(who: str, when: str) -> Q:
    """Who and when are set together, or neither."""
    return (Q(**{who: ""}) & Q(**{when: None})) | (~Q(**{who: ""}) & ~Q(**{when: None}))


def text(label: str, length: int = 200, **more: Any) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True, **more)


class Visit(models.Model):
    """One visit to one site. Names are copied at dispatch: the register may change, this not."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    task = text("抽查任务", 60)
    draw = text("抽取编号", 60)
    number = models.PositiveIntegerField("名单序号", null=True)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+")
    subject_name = models.CharField("单位名称", max_length=200)
    uscc = text("统一社会信用代码", 18)
    site_code = text("固定污染源编码", 22)
    grid = text("片区", 40)
    stratum = text("层", 30)
    inspection_kind = models.CharField(
        "检查类别", max_length=20, choices=choices(terms.InspectionKind)
    )
    is_random = models.BooleanField("来自随机抽取")
    is_tiered = models.BooleanField("来自分级分类抽取")
    joint_kind = models.CharField("联合方式", max_length=20, choices=choices(terms.JointKind))
    units = models.JSONField("参加科室", default=list)
    item_groups = models.JSONField("抽查类别", default=list)
    group_names = models.JSONField("抽查类别名称", default=list)
    item_list_version = text("事项清单版本", 10)
    planned_on = models.DateField("计划检查日")
    ground = text("检查理由", 500)
    state = models.CharField("状态", max_length=20, choices=choices(terms.VisitState))

    dispatched_by = models.CharField("派发人编号", max_length=40)
    dispatched_by_name = models.CharField("派发人", max_length=80)
    dispatched_at = models.DateTimeField("派发时间")
    authorised_by = text("批准人编号", 40)
    authorised_by_name = text("批准人", 80)
    authorised_at = models.DateTimeField("批准时间", null=True)
    notice_number = text("检查通知书文号", 80)
    notice_delivery = text("通知书送达方式", 20)
    notice_by = text("通知登记人编号", 40)
    notice_at = models.DateTimeField("通知登记时间", null=True)
    accepted_by = text("接收人编号", 40)
    accepted_by_name = text("接收人", 80)
    accepted_at = models.DateTimeField("接收时间", null=True)
    entry_code = text("入企扫码登记号", 80)
    started_by = text("到场登记人编号", 40)
    started_at = models.DateTimeField("到场时间", null=True)
    begun_at = models.DateTimeField("开始填写时间", null=True)
    submitted_by = text("提交人编号", 40)
    submitted_by_name = text("提交人", 80)
    submitted_at = models.DateTimeField("首次提交时间", null=True)
    return_reason = text("退回理由", 500)
    reviewed_by = text("审核人编号", 40)
    reviewed_by_name = text("审核人", 80)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    voided_by = text("作废人编号", 40)
    voided_by_name = text("作废人", 80)
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = text("作废理由")
    ended_on = models.DateField("检查结束日", null=True)
    visit_result = text("检查结果", 30)
    problem_count = models.PositiveIntegerField("问题数", default=0)
    paper_received_on = models.DateField("收到纸质记录日", null=True)
    paper_received_by = text("纸质记录签收人编号", 40)
    paper_received_by_name = text("纸质记录签收人", 80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "number"],
                condition=~Q(draw="") & ~Q(state=terms.VisitState.VOID.value),
                name="one_live_visit_a_number_of_a_draw",
            ),
            models.CheckConstraint(
                condition=(Q(draw="") & Q(number=None)) | (~Q(draw="") & ~Q(number=None)),
                name="draw_and_number_together",
            ),
            models.CheckConstraint(
                condition=known("state", terms.VisitState), name="visit_state_known"
            ),
            models.CheckConstraint(
                condition=known("inspection_kind", terms.InspectionKind), name="visit_kind_known"
            ),
            models.CheckConstraint(
                condition=known("visit_result", terms.VisitResult, may_be_empty=True),
                name="visit_result_known",
            ),
            models.CheckConstraint(
                condition=known("stratum", terms.Stratum, may_be_empty=True),
                name="visit_stratum_known",
            ),
            *(
                models.CheckConstraint(
                    condition=paired(f"{act}_by", f"{act}_at"), name=f"visit_{act}_who_and_when"
                )
                for act in (
                    "authorised", "notice", "accepted", "started", "submitted", "reviewed", "voided"
                )
            ),
            models.CheckConstraint(
                condition=paired("paper_received_by", "paper_received_on"),
                name="visit_paper_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=terms.VisitState.REVIEWED.value)
                | (~Q(visit_result="") & ~Q(ended_on=None) & ~Q(reviewed_at=None)),
                name="reviewed_visit_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(state=terms.VisitState.VOID.value) | ~Q(void_reason=""),
                name="void_visit_has_reason",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["bureau", "quarter", "state"], name="visits_of_quarter")]


class TeamMember(models.Model):
    """One officer of a visit's team, as the register said at dispatch; a reseat closes the row."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="team")
    inspector = models.CharField("检查人员编号", max_length=40)
    seat = models.PositiveSmallIntegerField("席次")
    name = models.CharField("姓名", max_length=80)
    card = text("执法证号", 40)
    unit = text("科室代码", 20)
    until = models.DateTimeField("改派时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "inspector"], condition=Q(until=None), name="one_seat_a_person"
            ),
            models.UniqueConstraint(
                fields=["visit", "seat"], condition=Q(until=None), name="one_person_a_seat"
            ),
        ]
        indexes = [models.Index(fields=["inspector", "until"], name="teams_of_a_person")]


class CapExemption(models.Model):
    """Why a visit went out although its enterprise had had its daily visits of the year."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="exemption")
    reason = models.CharField("不受上限约束的情形", max_length=200)
    made = models.PositiveSmallIntegerField("派发前本年已有次数")
    limit = models.PositiveSmallIntegerField("年度上限")
    by_ref = models.CharField("派发人编号", max_length=40)
    by_name = models.CharField("派发人", max_length=80)
    at = models.DateTimeField("派发时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & Q(made__gte=F("limit")),
                name="exemption_has_reason_beyond_limit",
            ),
        ]


class BriefingReading(models.Model):
    """An officer confirmed having studied the site before the visit; once per officer."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="readings")
    inspector = models.CharField("检查人员编号", max_length=40)
    name = models.CharField("姓名", max_length=80)
    item_list_version = text("事项清单版本", 10)
    at = models.DateTimeField("确认时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "inspector"], name="one_reading_a_person")
        ]


class MergedDraw(models.Model):
    """Another draw's place that the same visit serves: one site, one visit, one form."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="merged")
    draw = models.CharField("抽取编号", max_length=60)
    number = models.PositiveIntegerField("名单序号")
    task = models.CharField("抽查任务", max_length=60)
    joint_kind = models.CharField("联合方式", max_length=20, choices=choices(terms.JointKind))
    by_ref = models.CharField("派发人编号", max_length=40)
    by_name = models.CharField("派发人", max_length=80)
    at = models.DateTimeField("派发时间")
    ended_at = models.DateTimeField("随检查作废的时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "number"],
                condition=Q(ended_at=None),
                name="one_live_visit_a_merged_number",
            ),
            models.CheckConstraint(
                condition=known("joint_kind", terms.JointKind), name="merged_joint_kind_known"
            ),
        ]


class RecordRevision(models.Model):
    """One version of a record in canonical text, chained to the one before; never changed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("版本")
    kind = models.CharField("种类", max_length=20, choices=choices(terms.RevisionKind))
    body = models.TextField("内容")
    digest = models.CharField("摘要", max_length=64)
    made_from = text("上一版本摘要", 64)
    client_id = models.CharField("设备操作编号", max_length=64)
    reason = text("补正理由", 500)
    by_ref = models.CharField("填写人编号", max_length=40)
    by_name = models.CharField("填写人", max_length=80)
    at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="one_revision_a_number"),
            models.UniqueConstraint(fields=["visit", "client_id"], name="one_revision_a_client_id"),
            models.CheckConstraint(
                condition=known("kind", terms.RevisionKind), name="revision_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=terms.RevisionKind.SUPPLEMENT.value) | ~Q(reason=""),
                name="supplement_has_reason",
            ),
        ]
        # A paper from the office is looked up by what it carries.
        indexes = [models.Index(fields=["digest"], name="revisions_by_digest")]


class Evidence(models.Model):
    """A file taken on site: the original, untouched, known by its digests."""

    ref = models.CharField("编号", max_length=60, unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="evidence")
    kind = models.CharField("种类", max_length=20, choices=choices(terms.EvidenceKind))
    item = text("检查项目", 30)
    says = text("说明")
    file = models.FileField("原件", max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("格式", max_length=40)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    sm3 = models.CharField("SM3", max_length=64)
    taken_at = models.DateTimeField("拍摄时间（设备）", null=True)
    received_at = models.DateTimeField("收到时间")
    taken_by = models.CharField("采集人编号", max_length=40)
    taken_by_name = models.CharField("采集人", max_length=80)
    client_id = models.CharField("设备操作编号", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "client_id"], name="one_file_a_client_id"),
            models.CheckConstraint(
                condition=known("kind", terms.EvidenceKind), name="evidence_kind_known"
            ),
        ]


class Act(models.Model):
    """What every later act about a visit has: who entered it and when."""

    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        abstract = True


class CorrectionOrder(Act):
    """The demand to put a problem right by a day."""

    ref = models.CharField("编号", max_length=60, unique=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="orders")
    document_number = text("文书文号", 80)
    says = models.CharField("改正要求", max_length=1000)
    issued_on = models.DateField("作出日期")
    due_on = models.DateField("改正期限")
    state = models.CharField("状态", max_length=20, choices=choices(terms.CorrectionState))
    closed_on = models.DateField("办结日期", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("state", terms.CorrectionState), name="correction_state_known"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("issued_on")), name="due_not_before_issue"
            ),
            models.CheckConstraint(
                condition=(Q(state="open") & Q(closed_on=None))
                | (Q(state="closed") & ~Q(closed_on=None)),
                name="closed_order_has_day",
            ),
        ]


class FollowUp(Act):
    """A later look at one order: put right, or not yet."""

    order = models.ForeignKey(CorrectionOrder, models.PROTECT, related_name="follow_ups")
    on = models.DateField("复查日期")
    is_corrected = models.BooleanField("已改正")
    says = models.CharField("复查情况", max_length=1000)


class CaseFiling(Act):
    """A case about what was found; decision and amount follow in an entry of their own."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="filings")
    number = models.CharField("立案号", max_length=80)
    filed_on = models.DateField("立案日期")
    says = text("案由", 500)
    decision_number = text("决定书文号", 80)
    decided_on = models.DateField("决定日期", null=True)
    amount_fen = models.PositiveBigIntegerField("罚款（分）", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "number", "decision_number"], name="one_entry_a_case_decision"
            ),
            models.CheckConstraint(
                condition=paired("decision_number", "decided_on"), name="decision_number_and_day"
            ),
        ]


class DecisionRevocation(Act):
    """A decided penalty that does not stand any more: it must go from the public side."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="revocations")
    decision_number = models.CharField("决定书文号", max_length=80)
    revoked_on = models.DateField("撤销日期")
    authority = models.CharField("作出撤销的机关", max_length=200)
    document_number = text("撤销文书文号", 80)
    says = models.CharField("撤销理由", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "decision_number"], name="one_revocation_a_decision"
            )
        ]


class Transfer(Act):
    """A matter handed to the authority that decides it."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="transfers")
    kind = models.CharField(
        "用途",
        max_length=20,
        choices=choices(terms.TransferKind),
        default=terms.TransferKind.OTHER.value,
    )
    number = text("移送文号", 80)
    to_whom = models.CharField("移送给", max_length=200)
    moved_on = models.DateField("移送日期")
    says = models.CharField("移送事项", max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("kind", terms.TransferKind), name="transfer_kind_known"
            )
        ]


class FieldLease(models.Model):
    """The right of one phone to hold one officer's visits until an hour; ended, never extended."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    person = models.CharField("人员编号", max_length=40)
    person_name = models.CharField("姓名", max_length=80)
    device = models.CharField("设备", max_length=64)
    token_digest = models.CharField("令牌摘要", max_length=64, unique=True)
    at = models.DateTimeField("开始时间")
    until = models.DateTimeField("到期时间")
    revoked_by = text("收回人编号", 40)
    revoked_at = models.DateTimeField("收回时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=paired("revoked_by", "revoked_at"), name="lease_revoked_who_and_when"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("at")), name="lease_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["person", "until"], name="leases_of_a_person")]


class SigningPin(models.Model):
    """By what a second officer signs on a colleague's phone; only a slow digest is kept."""

    inspector = models.CharField("检查人员编号", max_length=40, unique=True)
    secret = models.CharField("口令摘要", max_length=200)
    wrong_count = models.PositiveSmallIntegerField("连续错误次数", default=0)
    at = models.DateTimeField("设置时间")


class OfficerSignature(models.Model):
    """An officer signed what a record says, by the own login or the own digits; never changed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="officer_signatures")
    inspector = models.CharField("检查人员编号", max_length=40)
    name = models.CharField("姓名", max_length=80)
    content = models.CharField("所签内容摘要", max_length=64)
    way = models.CharField("签字方式", max_length=20, choices=choices(terms.SigningWay))
    by_ref = models.CharField("登录人编号", max_length=40)
    at = models.DateTimeField("签字时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "inspector", "content"], name="one_signature_a_content"
            ),
            models.CheckConstraint(
                condition=known("way", terms.SigningWay), name="signing_way_known"
            ),
        ]


class FieldOperation(models.Model):
    """One act as a phone sent it, word for word, and what became of it; never changed."""

    client_id = models.CharField("设备操作编号", max_length=64, unique=True)
    lease = models.ForeignKey(FieldLease, models.PROTECT, related_name="operations")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="operations")
    number = models.PositiveIntegerField("设备序号")
    kind = models.CharField("种类", max_length=20, choices=choices(terms.OperationKind))
    written = models.TextField("原文")
    digest = models.CharField("摘要", max_length=64)
    outcome = models.CharField("结果", max_length=20, choices=choices(terms.OperationOutcome))
    says = text("说明", 1000)
    result = text("所成", 64)
    paper = text("纸面摘要", 64)
    made_at = models.DateTimeField("设备时间")
    skew_seconds = models.IntegerField("设备时钟偏差（秒）")
    by_ref = models.CharField("人员编号", max_length=40)
    by_name = models.CharField("人员", max_length=80)
    at = models.DateTimeField("收到时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=known("kind", terms.OperationKind), name="operation_kind_known"
            ),
            models.CheckConstraint(
                condition=known("outcome", terms.OperationOutcome), name="operation_outcome_known"
            ),
            models.UniqueConstraint(
                fields=["lease", "number"], name="one_operation_a_number_of_a_lease"
            ),
        ]
        indexes = [models.Index(fields=["paper"], name="operations_by_paper")]
