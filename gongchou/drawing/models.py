from django.db import models
from django.db.models import F, Q

from gongchou.core import terms


def choices(term: type[terms.Term]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in term]


def together(at: str, ref: str) -> Q:
    """Who and when are known both or neither."""
    known = Q(**{f"{at}__isnull": False}) & ~Q(**{ref: ""})
    return Q(**{f"{at}__isnull": True, ref: ""}) | known


class Custodian(models.Model):
    """A member of the secrecy group with an own key pair; the private part under a passphrase."""

    ref = models.CharField("编号", max_length=80, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    person_ref = models.CharField("保管人编号", max_length=40)
    person_name = models.CharField("保管人", max_length=80)
    public = models.BinaryField("公开密钥")
    locked = models.BinaryField("加密保存的私钥")
    enrolled_at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "person_ref"], name="one_key_a_custodian"),
        ]


class SecrecyKey(models.Model):
    """The key pair of the group. Its private part exists only as shares, each for one custodian."""

    ref = models.CharField("编号", max_length=80, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    public = models.BinaryField("公开密钥")
    threshold = models.PositiveSmallIntegerField("开启人数")
    count = models.PositiveSmallIntegerField("保管人数")
    round = models.PositiveSmallIntegerField("第几次分发", default=1)
    by_ref = models.CharField("建立人编号", max_length=40)
    by_name = models.CharField("建立人", max_length=80)
    at = models.DateTimeField("建立时间")
    # Nobody can put its private part together any more; another key has taken its place.
    lost_at = models.DateTimeField("遗失时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau"], condition=Q(lost_at=None), name="one_secrecy_key_a_bureau"
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=2) & Q(count__gte=F("threshold")),
                name="nobody_opens_alone",
            ),
        ]


class KeyShare(models.Model):
    """One custodian's share of the group's private part, sealed to the custodian's own key."""

    key = models.ForeignKey(SecrecyKey, models.PROTECT, related_name="shares")
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="shares")
    # A change of custodians deals all shares anew; only those of the key's own round fit together.
    round = models.PositiveSmallIntegerField("第几次分发", default=1)
    sealed = models.BinaryField("密封的份额")
    # The custodian has declared that the passphrase is gone for good.
    lost_at = models.DateTimeField("声明口令遗失的时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "round", "custodian"], name="one_share_a_custodian"
            ),
        ]


class Draw(models.Model):
    """One draw of a task, from the frozen lists to the public record."""

    ref = models.CharField("编号", max_length=60, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    task = models.ForeignKey("planning.CheckTask", models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    mode = models.CharField(
        "抽取方式",
        max_length=20,
        choices=choices(terms.DrawMode),
        default=terms.DrawMode.SYSTEM.value,
    )
    state = models.CharField("状态", max_length=20, choices=choices(terms.DrawState))
    profile = models.CharField("摘要算法", max_length=10)
    key = models.ForeignKey(SecrecyKey, models.PROTECT, related_name="+")
    # The roster: the one place where ids and names stand together in clear.
    frozen_body = models.BinaryField("冻结的底册")
    frozen_digest = models.CharField("底册摘要", max_length=64)
    frozen_by_ref = models.CharField("冻结人编号", max_length=40)
    frozen_by_name = models.CharField("冻结人", max_length=80)
    frozen_at = models.DateTimeField("冻结时间")

    # Where teams were only tried: who lets it be drawn nevertheless.
    accepted_by_ref = models.CharField("认可人编号", max_length=40, blank=True)
    accepted_by_name = models.CharField("认可人", max_length=80, blank=True)
    accepted_why = models.CharField("认可的理由", max_length=200, blank=True)
    accepted_at = models.DateTimeField("认可时间", null=True)

    seq = models.PositiveIntegerField("公告序号", null=True)
    announcement = models.BinaryField("抽取公告", default=bytes)
    announcement_digest = models.CharField("公告摘要", max_length=64, blank=True)
    closing_rule = models.CharField("收口规则", max_length=200, blank=True)
    announced_by_ref = models.CharField("公告人编号", max_length=40, blank=True)
    announced_by_name = models.CharField("公告人", max_length=80, blank=True)
    announced_at = models.DateTimeField("公告时间", null=True)

    typed = models.CharField("第一次录入的收口值", max_length=1000, blank=True)
    typed_by_ref = models.CharField("录入人编号", max_length=40, blank=True)
    typed_by_name = models.CharField("录入人", max_length=80, blank=True)
    typed_at = models.DateTimeField("录入时间", null=True)
    # The balls as typed, under the server's key; erased when the list is made.
    balls = models.BinaryField("暂存的号码", default=bytes)
    closing = models.CharField("收口值", max_length=1000, blank=True)
    closed_by_ref = models.CharField("复核人编号", max_length=40, blank=True)
    closed_by_name = models.CharField("复核人", max_length=80, blank=True)
    closed_at = models.DateTimeField("收口时间", null=True)

    drawn_at = models.DateTimeField("抽取时间", null=True)
    sealed_root = models.CharField("密封根", max_length=64, blank=True)
    visit_count = models.PositiveIntegerField("检查家数", default=0)
    joint_count = models.PositiveIntegerField("联合检查家数", default=0)
    # Tickets in order, without ids: they tell nothing to whoever has no seed.
    tickets = models.JSONField("抽签号", default=dict)
    locked_key = models.BinaryField("密封的名单密钥", default=bytes)
    locked_seed = models.BinaryField("密封的种子和贡献", default=bytes)
    sealed_at = models.DateTimeField("密封时间", null=True)
    record = models.BinaryField("公开的全记录", default=bytes)
    published_at = models.DateTimeField("公开时间", null=True)

    # What the numbers said where no lawful teams exist: the draw is made, and has no list.
    no_team = models.CharField("组不成检查组的说明", max_length=400, blank=True)
    no_team_at = models.DateTimeField("组不成检查组的时间", null=True)

    void_ground = models.CharField(
        "收口后作废的事由", max_length=20, choices=choices(terms.VoidGround), blank=True
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True)
    voided_by_ref = models.CharField("作废人编号", max_length=40, blank=True)
    voided_by_name = models.CharField("作废人", max_length=80, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=~Q(state="void"), name="one_live_draw_a_task"
            ),
            models.UniqueConstraint(fields=["bureau", "seq"], name="one_announcement_a_number"),
            models.CheckConstraint(
                condition=together("accepted_at", "accepted_by_ref"), name="accepted_by_and_when"
            ),
            models.CheckConstraint(
                condition=together("announced_at", "announced_by_ref"),
                name="announced_by_and_when",
            ),
            models.CheckConstraint(
                condition=together("typed_at", "typed_by_ref"), name="typed_by_and_when"
            ),
            models.CheckConstraint(
                condition=together("closed_at", "closed_by_ref"), name="closed_by_and_when"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(closed_by_ref=F("typed_by_ref")),
                name="closing_typed_by_two",
            ),
            models.CheckConstraint(
                condition=(Q(state="void") & Q(voided_at__isnull=False) & ~Q(void_reason=""))
                | (~Q(state="void") & Q(voided_at=None, void_reason="")),
                name="draw_void_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | Q(closed_at=None) | ~Q(void_ground=""),
                name="closed_draw_void_on_a_ground",
            ),
            models.CheckConstraint(
                condition=together("no_team_at", "no_team"), name="no_team_says_and_when"
            ),
            models.CheckConstraint(
                condition=together("voided_at", "voided_by_ref"), name="voided_by_and_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["drawn", "sealed", "published"])
                | (Q(drawn_at__isnull=False) & ~Q(sealed_root="")),
                name="drawn_list_has_its_root",
            ),
        ]


class Contribution(models.Model):
    """What a party promised: the commitment in clear, everything else hidden."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="contributions")
    role = models.CharField("承诺方", max_length=40)
    person_ref = models.CharField("贡献人编号", max_length=40)
    person_name = models.CharField("贡献人", max_length=80)
    commitment = models.CharField("承诺值", max_length=64)
    committed_at = models.DateTimeField("承诺时间")
    # The nonce under a key made of the text: whoever keeps the text keeps all.
    locked_nonce = models.BinaryField("加密的随机盐")
    escrow = models.BinaryField("托管的份额")
    # Between reveal and draw only, under the server's key; erased when the draw is made.
    held = models.BinaryField("暂存的份额", default=bytes)
    revealed_at = models.DateTimeField("揭示时间", null=True)
    is_from_escrow = models.BooleanField("由托管份额揭示", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "role"], name="one_contribution_a_role"),
            models.UniqueConstraint(fields=["draw", "person_ref"], name="one_contribution_each"),
        ]


class DrawConfirmation(models.Model):
    """A witness confirms what was seen, under the own name."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="confirmations")
    person_ref = models.CharField("监督人编号", max_length=40)
    person_name = models.CharField("监督人", max_length=80)
    # Under which the witness stands in the public record of a ballot, unnamed.
    salt = models.BinaryField("见证盐", default=bytes)
    at = models.DateTimeField("确认时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "person_ref"], name="one_confirmation_each"),
        ]


class VoidRequest(models.Model):
    """An application to void a draw whose closing value exists; the superior decides."""

    ref = models.CharField("编号", max_length=80, unique=True)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="void_requests")
    ground = models.CharField("事由", max_length=20, choices=choices(terms.VoidGround))
    says = models.CharField("说明", max_length=200)
    state = models.CharField("状态", max_length=20, choices=choices(terms.VoidState))
    asked_by_ref = models.CharField("申请人编号", max_length=40)
    asked_by_name = models.CharField("申请人", max_length=80)
    asked_at = models.DateTimeField("申请时间")
    ended_by_ref = models.CharField("决定人编号", max_length=40, blank=True)
    ended_by_name = models.CharField("决定人", max_length=80, blank=True)
    ended_for = models.CharField("决定机关", max_length=80, blank=True)
    ended_at = models.DateTimeField("决定时间", null=True)
    decision = models.CharField("决定意见", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw"],
                condition=Q(state__in=["requested", "approved"]),
                name="one_void_request_at_a_time",
            ),
            models.CheckConstraint(
                condition=together("ended_at", "ended_by_ref"), name="void_ended_by_and_when"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "approved"], ended_at=None)
                | (Q(state__in=["done", "refused"], ended_at__isnull=False) & ~Q(decision="")),
                name="ended_void_request_has_its_end",
            ),
            models.CheckConstraint(
                condition=~Q(ended_by_ref=F("asked_by_ref")), name="void_decided_by_another"
            ),
        ]


class VoidConsent(models.Model):
    """One of the two who agree before the superior decides."""

    request = models.ForeignKey(VoidRequest, models.PROTECT, related_name="consents")
    person_ref = models.CharField("同意人编号", max_length=40)
    person_name = models.CharField("同意人", max_length=80)
    is_leader = models.BooleanField("批准领导")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "person_ref"], name="one_void_consent_each"),
        ]


class Opening(models.Model):
    """A request that custodians together open something for one purpose."""

    ref = models.CharField("编号", max_length=80, unique=True)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="openings")
    purpose = models.CharField("事由", max_length=20, choices=choices(terms.OpeningPurpose))
    state = models.CharField("状态", max_length=20, choices=choices(terms.OpeningState))
    number = models.PositiveIntegerField("所涉检查的序号", null=True)
    person = models.CharField("不能到场的人员", max_length=40, blank=True)
    excuse = models.CharField(
        "补抽理由", max_length=20, choices=choices(terms.ExcuseReason), blank=True
    )
    absence = models.CharField(
        "补派理由", max_length=20, choices=choices(terms.AbsenceReason), blank=True
    )
    says = models.CharField("说明", max_length=200, blank=True)
    on = models.DateField("递补对象的检查日", null=True)
    asked_by_ref = models.CharField("申请人编号", max_length=40)
    asked_by_name = models.CharField("申请人", max_length=80)
    asked_at = models.DateTimeField("申请时间")
    ended_by_ref = models.CharField("办结人编号", max_length=40, blank=True)
    ended_by_name = models.CharField("办结人", max_length=80, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True)
    refusal = models.CharField("不同意的理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "purpose"],
                condition=Q(state__in=["requested", "authorised"])
                & Q(purpose__in=["escrow", "publish", "substitute", "reseat"]),
                name="one_such_opening_at_a_time",
            ),
            models.CheckConstraint(
                condition=together("ended_at", "ended_by_ref"), name="opening_ended_by_and_when"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "authorised"], ended_at=None)
                | Q(state__in=["done", "refused"], ended_at__isnull=False),
                name="ended_opening_has_its_end",
            ),
        ]


class Authorisation(models.Model):
    """One custodian's consent; the share passes to each other custodian, sealed, until the end."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="authorisations")
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="+")
    person_ref = models.CharField("保管人编号", max_length=40)
    person_name = models.CharField("保管人", max_length=80)
    at = models.DateTimeField("时间")
    passed = models.JSONField("交给其他保管人的份额", default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opening", "custodian"], name="one_consent_each"),
        ]


class SealedVisit(models.Model):
    """One visit of the list: ciphertext and a day, nothing else."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="sealed_visits")
    number = models.PositiveIntegerField("序号")
    planned_on = models.DateField("检查日")
    hidden = models.BinaryField("密文")
    is_substitute = models.BooleanField("补抽", default=False)
    opening = models.ForeignKey(Opening, models.PROTECT, null=True, related_name="visits")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_sealed_visit_a_number"),
        ]


class ReleasedVisit(models.Model):
    """A visit in clear, from the day of its release on."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="released_visits")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    pid = models.CharField("底册编号", max_length=23)
    subject_ref = models.CharField("检查对象编号", max_length=40)
    subject_name = models.CharField("单位名称", max_length=200)
    stratum = models.CharField("层", max_length=40)
    parts = models.JSONField("检查组")
    planned_on = models.DateField("检查日")
    released_at = models.DateTimeField("启封时间")
    is_substitute = models.BooleanField("补抽", default=False)
    leaf = models.TextField("密封名单中的一行", blank=True)
    path = models.JSONField("证明路径", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_release_a_number"),
            models.UniqueConstraint(fields=["draw", "pid"], name="one_release_a_subject"),
        ]


class JoinedPart(models.Model):
    """A department that joins a released visit, after one of its own was excused (DR2 §2.5)."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="joined_parts")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    dept = models.PositiveSmallIntegerField("部门序号")
    people = models.JSONField("检查组")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "number", "dept"], name="a_department_joins_once"
            )
        ]


class Substitution(models.Model):
    """A released visit excused, and the number of the visit that takes its place, if any."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="substitutions")
    opening = models.OneToOneField(Opening, models.PROTECT, related_name="+")
    place = models.PositiveIntegerField("次序")
    out = models.PositiveIntegerField("被替换的序号")
    into = models.PositiveIntegerField("递补的序号", null=True)
    reason = models.CharField("理由", max_length=20, choices=choices(terms.ExcuseReason))
    says = models.CharField("说明", max_length=200)
    on = models.DateField("日期")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "out"], name="excused_once"),
            models.UniqueConstraint(fields=["draw", "place"], name="one_substitution_a_place"),
        ]


class Reseat(models.Model):
    """One officer's place at one visit handed to another; the public record stays as drawn."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="reseats")
    opening = models.OneToOneField(Opening, models.PROTECT, related_name="+")
    place = models.PositiveIntegerField("次序")
    number = models.PositiveIntegerField("检查序号")
    out = models.CharField("不能到场的人员", max_length=40)
    into = models.CharField("补派的人员", max_length=40)
    # Blank where it was asked for before reasons had codes; `says` tells it all the same.
    reason = models.CharField(
        "理由", max_length=20, choices=choices(terms.AbsenceReason), blank=True
    )
    says = models.CharField("说明", max_length=200)
    on = models.DateField("日期")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "place"], name="one_reseat_a_place"),
            models.UniqueConstraint(fields=["draw", "number", "out"], name="left_a_visit_once"),
        ]


class DrawLogEntry(models.Model):
    """One step of a draw in the bureau's log; `root` is that of the tree up to this entry."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("序号")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="log")
    kind = models.CharField("步骤", max_length=20)
    body = models.BinaryField("内容")
    leaf = models.CharField("叶摘要", max_length=64)
    root = models.CharField("树根", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "number"], name="one_log_entry_a_number"),
        ]


class LogKey(models.Model):
    """The key under which a bureau's draw log is signed; private part under the server's secret."""

    bureau = models.OneToOneField("accounts.Bureau", models.PROTECT, related_name="+")
    public = models.BinaryField("公开密钥")
    locked = models.BinaryField("加密保存的私钥")
    made_at = models.DateTimeField("建立时间")


class LogHead(models.Model):
    """A signed statement: the log had so many entries and this root."""

    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    size = models.PositiveIntegerField("条数")
    root = models.CharField("树根", max_length=64)
    at = models.DateTimeField("签署时间")
    signature = models.BinaryField("签名")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "size"], name="one_head_a_size"),
        ]


class LogCosignature(models.Model):
    """The superior bureau saw that a head continues the one it kept."""

    head = models.ForeignKey(LogHead, models.PROTECT, related_name="cosignatures")
    person_ref = models.CharField("见证人编号", max_length=40)
    person_name = models.CharField("见证人", max_length=80)
    organ = models.CharField("见证机关", max_length=80, blank=True)
    kept_size = models.PositiveIntegerField("留存的条数")
    kept_root = models.CharField("留存的树根", max_length=64)
    proof = models.JSONField("一致性证明", default=list)
    at = models.DateTimeField("见证时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["head"], name="one_cosignature_a_head"),
        ]


class KeyChange(models.Model):
    """A request to deal the shares of the group's key anew, to other people or another number."""

    ref = models.CharField("编号", max_length=80, unique=True)
    key = models.ForeignKey(SecrecyKey, models.PROTECT, related_name="changes")
    round = models.PositiveSmallIntegerField("第几次分发")
    state = models.CharField("状态", max_length=20, choices=choices(terms.OpeningState))
    threshold = models.PositiveSmallIntegerField("开启人数")
    members = models.JSONField("新的保管人", default=list)
    says = models.CharField("理由", max_length=200)
    asked_by_ref = models.CharField("申请人编号", max_length=40)
    asked_by_name = models.CharField("申请人", max_length=80)
    asked_at = models.DateTimeField("申请时间")
    ended_by_ref = models.CharField("办结人编号", max_length=40, blank=True)
    ended_by_name = models.CharField("办结人", max_length=80, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=["requested", "authorised"]),
                name="one_key_change_at_a_time",
            ),
            models.CheckConstraint(
                condition=together("ended_at", "ended_by_ref"), name="key_change_ended_by_and_when"
            ),
            models.CheckConstraint(condition=Q(threshold__gte=2), name="nobody_opens_alone_anew"),
        ]


class KeyChangeConsent(models.Model):
    """One present custodian's consent; the share passes to the others, sealed, until the end."""

    change = models.ForeignKey(KeyChange, models.PROTECT, related_name="consents")
    custodian = models.ForeignKey(Custodian, models.PROTECT, related_name="+")
    person_name = models.CharField("保管人", max_length=80)
    at = models.DateTimeField("时间")
    passed = models.JSONField("交给其他保管人的份额", default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "custodian"], name="one_change_consent_each"),
        ]
