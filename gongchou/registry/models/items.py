from django.db import models
from django.db.models import Q

from gongchou.core import terms
from gongchou.registry.models.changes import RegisterChange
from gongchou.registry.models.words import choices


class ItemList(models.Model):
    """One version of the public list of what may be checked; in force from its approval on."""

    ref = models.CharField("编号", max_length=40, unique=True)
    bureau = models.ForeignKey("accounts.Bureau", models.PROTECT, related_name="+")
    change = models.ForeignKey(RegisterChange, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=20, choices=choices(terms.ItemListState))
    drafted_by_ref = models.CharField("草拟人编号", max_length=40)
    approved_by_ref = models.CharField("批准人编号", max_length=40, blank=True)
    approved_by_name = models.CharField("批准人", max_length=80, blank=True)
    approved_on = models.DateField("批准日期", null=True)
    published_on = models.DateField("公布日期", null=True)
    void_reason = models.CharField("作废理由", max_length=200, blank=True)
    voided_by_name = models.CharField("作废人", max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "version"], name="one_list_a_version"),
            models.UniqueConstraint(
                fields=["bureau"], condition=Q(state="draft"), name="one_draft_list"
            ),
        ]


class ItemGroup(models.Model):
    """Items owned by one internal unit; a condition left empty holds for every subject."""

    item_list = models.ForeignKey(ItemList, models.PROTECT, related_name="groups")
    code = models.CharField("抽查类别编码", max_length=20)
    name = models.CharField("抽查类别名称", max_length=80)
    unit = models.CharField("责任科室代码", max_length=20)
    pollutant_types = models.JSONField("适用污染物类型", default=list)
    permit_categories = models.JSONField("适用许可管理类别", default=list)
    monitoring_types = models.JSONField("适用监控类型", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item_list", "code"], name="one_group_a_code"),
            models.UniqueConstraint(fields=["item_list", "name"], name="one_group_a_name"),
        ]


class InspectionItem(models.Model):
    """One row of the list: what is checked, how, and on what legal basis."""

    group = models.ForeignKey(ItemGroup, models.PROTECT, related_name="items")
    name = models.CharField("事项名称", max_length=200)
    tier = models.CharField("事项类别", max_length=20, choices=choices(terms.ItemTier))
    legal_basis = models.CharField("检查依据", max_length=2000, blank=True)
    method = models.CharField("检查方式", max_length=80, blank=True)
    content = models.CharField("检查内容及要求", max_length=2000, blank=True)
    evidence_required = models.CharField("应取证据", max_length=500, blank=True)
    asked_when = models.CharField("填写前提", max_length=300, blank=True)
    law_text = models.CharField("依据条文", max_length=2000, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "name"], name="one_item_a_name"),
        ]
