from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from gongchou.core.oversight_terms import GroupKind, OversightKey
from gongchou.core.terms import BureauLevel, Role


def choices(term):
    return [(member.value, member.label) for member in term]


class Bureau(models.Model):
    """A body that runs the programme, or a partner department of one."""

    code = models.CharField("机构代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=80)
    bureau_level = models.CharField("层级", max_length=10, choices=choices(BureauLevel))
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="districts", verbose_name="上级"
    )
    is_partner = models.BooleanField("配合部门", default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bureau_level__in=[level.value for level in BureauLevel]),
                name="bureau_level_known",
            ),
        ]


class InternalUnit(models.Model):
    """A section of a bureau; the unit counted for internal joint checks."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="units")
    code = models.CharField("科室代码", max_length=20)
    name = models.CharField("名称", max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "code"], name="one_unit_a_code"),
        ]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username):
        return self.get(login=username)


class User(AbstractBaseUser):
    """A person who signs in. Powers come from dated roles, never from the row itself."""

    ref = models.CharField("编号", max_length=40, unique=True)
    login = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=80)
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="people", verbose_name="机构")
    unit = models.ForeignKey(
        InternalUnit, models.PROTECT, null=True, blank=True, related_name="people"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=True)

    objects = UserManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]


class RoleGrant(models.Model):
    """A role held from `since` until before `until`; a grant is ended, never deleted.

    `overlap` says why it is held beside one that should be another person's (small bureaus).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=choices(Role))
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    overlap = models.CharField("兼任理由", max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(until=None), name="one_open_grant_a_role"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="role_known"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="grant_ends_after_start"
            ),
        ]


class SecondFactor(models.Model):
    """The phone of a person: its key, sealed; in force from the first code shown."""

    user = models.OneToOneField(User, models.PROTECT, related_name="factor")
    key = models.BinaryField("密钥（已加密）")
    begun_at = models.DateTimeField("开始绑定")
    confirmed_at = models.DateTimeField("绑定", null=True, blank=True)
    last_step = models.BigIntegerField("用过的最后一步", default=0)
    failures = models.PositiveSmallIntegerField("连续错误", default=0)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)


class RecoveryCode(models.Model):
    """What is kept of a code on paper, for the day the phone is lost."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField("摘要", max_length=64, unique=True)
    used_at = models.DateTimeField("使用", null=True, blank=True)


class SignIn(models.Model):
    """A browser in which a person is, or was, signed in."""

    user = models.ForeignKey(User, models.PROTECT, related_name="sign_ins")
    session_key = models.CharField("会话", max_length=40, db_index=True)
    agent = models.CharField("浏览器", max_length=200)
    address = models.GenericIPAddressField("地址", null=True, blank=True)
    at = models.DateTimeField("登录")
    ended_at = models.DateTimeField("结束", null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="sign_ins_of_a_person")]


class ApiToken(models.Model):
    """What a program shows at the door. The secret itself is nowhere, only its digest.

    With an owner it can never do more than that person may on the day; without one it belongs
    to the system named.
    """

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    name = models.CharField("用途", max_length=80)
    digest = models.CharField("摘要", max_length=64, unique=True)
    powers = models.JSONField("权限")
    until = models.DateField("到期日")
    at = models.DateTimeField("新建时间")
    by_name = models.CharField("新建人", max_length=80)
    revoked_at = models.DateTimeField("作废时间", null=True)
    revoked_by = models.CharField("作废人", max_length=80, blank=True)


class SmallBureau(models.Model):
    """A bureau too small to keep all roles apart, from a day on, by whose decision and why."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="small")
    since = models.DateField("起")
    until = models.DateField("止", null=True)
    document_number = models.CharField("批准文号", max_length=80)
    reason = models.CharField("理由", max_length=200)
    by_ref = models.CharField("登记人编号", max_length=40)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bureau"], condition=Q(until=None), name="a_bureau_is_small_once"
            )
        ]


class GroupSeat(models.Model):
    """A seat in one of the programme's bodies, held from `since` until before `until`."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="seats")
    group = models.CharField("小组", max_length=20, choices=choices(GroupKind))
    name = models.CharField("姓名", max_length=80)
    position = models.CharField("职务", max_length=80)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="seats")
    since = models.DateField("任期起")
    until = models.DateField("任期止", null=True)
    by_name = models.CharField("登记人", max_length=80)
    at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=[group.value for group in GroupKind]), name="group_known"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="seat_ends_after_start"
            ),
        ]


class OversightSetting(models.Model):
    """A threshold, term or weight that the bureau set, from a day on; never changed."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    key = models.CharField("参数", max_length=40, choices=choices(OversightKey))
    value = models.PositiveIntegerField("数值")
    since = models.DateField("起")
    reason = models.CharField("理由", max_length=200)
    by_ref = models.CharField("设定人编号", max_length=40)
    by_name = models.CharField("设定人", max_length=80)
    at = models.DateTimeField("设定时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(key__in=[key.value for key in OversightKey]),
                name="oversight_key_known",
            )
        ]


class RecordRight(models.Model):
    """That the people of the superior may read the single records of one quarter, and why.

    From a day on, until before another; ended earlier where the bureau says so, never deleted.
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    superior = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    quarter = models.CharField("季度", max_length=6)
    since = models.DateField("起")
    until = models.DateField("止")
    document_number = models.CharField("调阅文号", max_length=80)
    reason = models.CharField("理由", max_length=200)
    by_ref = models.CharField("授权人编号", max_length=40)
    by_name = models.CharField("授权人", max_length=80)
    at = models.DateTimeField("授权时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="record_right_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(document_number="") & ~Q(reason=""), name="record_right_has_reason"
            ),
        ]
