"""What people enter about policies, Rulings and tasks."""

import re
from typing import Any

from django import forms

from gongchou.core.policy_keys import FORMS, KEYS
from gongchou.core.policy_words import choices
from gongchou.core.rulings import ROTATION
from gongchou.core.task_condition import TaskCondition
from gongchou.core.terms import Rotation, Stratum

OWN = "own"
LARGEST = 400_000


class Day(forms.DateField):
    """A day in the browser's own picker; typed as 2026-01-05 where it has none."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AdoptForm(forms.Form):
    """Which policy, from when, by which document."""

    source = forms.ChoiceField(label="方案")
    file = forms.FileField(
        label="自行编写的方案文件",
        required=False,
        help_text="选“自行编写”时上传一个 TOML 文件，写法见《方案文件的格式》。",
    )
    since = Day(label="施行日期")
    document = forms.CharField(label="批准文件的文号", max_length=100)

    def __init__(self, *args: Any, shipped: tuple[tuple[str, str], ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"] = forms.ChoiceField(
            label="方案", choices=[*shipped, (OWN, "自行编写（上传文件）")]
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        # The page of the preview carries the uploaded text on to the confirmation.
        found["text"] = self.data.get("text", "") if found.get("source") == OWN else ""
        file = found.get("file")
        if found.get("source") != OWN:
            return found
        if file is None:
            if not found["text"]:
                self.add_error("file", "请选择要上传的方案文件。")
            return found
        if file.size > LARGEST:
            self.add_error("file", "文件太大，不像一份方案，请核对后重新选择。")
            return found
        try:
            found["text"] = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", "文件不是 UTF-8 编码，请用文本编辑器另存为 UTF-8 后重新上传。")
        return found

    @property
    def shipped(self) -> str:
        source = str(self.cleaned_data["source"])
        return "" if source == OWN else source


class ClauseTextForm(forms.Form):
    """The words of one clause as they stand in the bureau's own document."""

    text = forms.CharField(
        label="条款原文", max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    source = forms.CharField(
        label="出自文件", max_length=200, help_text="文件名称和文号，能凭它找到原件。"
    )


class RulingForm(forms.Form):
    """The answer to one question; the field of its value fits the setting."""

    def __init__(self, *args: Any, key: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.key = key
        self.fields |= _value_fields(key)
        self.fields["reading"] = forms.CharField(
            label="口径", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
        )
        self.fields["decided_by"] = forms.CharField(label="决定单位", max_length=80)
        self.fields["document"] = forms.CharField(label="文号", max_length=100)
        self.fields["on"] = Day(label="自哪天起执行")
        self.fields["until"] = Day(
            label="到哪天止",
            required=False,
            help_text="不含当天。按年确定的数字填下一年的 1 月 1 日，长期执行的不填。",
        )

    def value(self) -> str:
        """The value as text, the way `core.policy_keys.setting_of` reads it."""
        found = self.cleaned_data.get("value", "")
        if self.key.startswith(ROTATION) and found == Rotation.YEAR_RESERVE.value:
            return f"{found}、{self.cleaned_data['reserved']}"
        return "、".join(found) if isinstance(found, list) else str(found)


def initial_value(key: str, text: str) -> dict[str, object]:
    """What stands in the field of a value before it is changed."""
    if key.startswith(ROTATION):
        kind, _, reserved = text.partition("、")
        return {"value": kind, "reserved": reserved}
    if key in KEYS and _is_several(key):
        return {"value": text.split("、")}
    return {"value": text}


def _is_several(key: str) -> bool:
    return KEYS[key].kind is tuple and bool(KEYS[key].words) and key != "precedence"


def _value_fields(key: str) -> dict[str, forms.Field]:
    if key.startswith(ROTATION):
        return {
            "value": forms.ChoiceField(
                label="取值", choices=[(r.value, r.label) for r in Rotation]
            ),
            "reserved": forms.CharField(
                label="保留份额",
                required=False,
                max_length=20,
                help_text=f"只在“{Rotation.YEAR_RESERVE.label}”时填，写成 1/2 的样子。",
            ),
        }
    if key not in KEYS:
        return {}
    known = KEYS[key]
    if known.kind is bool:
        yes_no = [("true", "是"), ("false", "否")]
        return {"value": forms.ChoiceField(label="取值", choices=yes_no)}
    if _is_several(key):
        several = forms.SelectMultiple(attrs={"size": min(8, len(known.words))})
        hint = "可选几项：按住 Ctrl 键再点。"
        field = forms.MultipleChoiceField(
            label="取值", choices=choices(key), widget=several, help_text=hint
        )
        return {"value": field}
    if known.kind is str and known.words:
        return {"value": forms.ChoiceField(label="取值", choices=choices(key))}
    return {"value": forms.CharField(label="取值", max_length=400, help_text=_hint(key))}


def _hint(key: str) -> str:
    known = KEYS[key]
    if key == "precedence":
        words = "、".join(f"{word}（{label}）" for word, label in choices(key))
        return f"把四个代号按先后各写一次，以顿号分隔：{words}。"
    if known.kind is int:
        return f"整数，不小于 {known.least}。" if known.least else "整数。"
    if known.kind is tuple:
        return "几项之间用顿号分隔。"
    return "写成 75/100 的样子。" if "分数" in FORMS[known.kind] else "写成 24:00 的样子。"


PLACES = 3


def words(text: str) -> tuple[str, ...]:
    """The parts of a text entered with a stop between them."""
    return tuple(part.strip() for part in re.split("[、，,；;\n]", text) if part.strip())


class TaskForm(forms.Form):
    """A directed or cross-department task; partners may be left empty."""

    name = forms.CharField(label="任务名称", max_length=80)
    initiating_unit = forms.ChoiceField(label="发起科室")
    item_groups = forms.MultipleChoiceField(
        label="检查项目组", required=False, help_text="不选表示按对象适用的全部项目组。"
    )
    grids = forms.MultipleChoiceField(label="片区", required=False, help_text="不选表示不限。")
    industries = forms.CharField(
        label="行业代码",
        required=False,
        max_length=100,
        help_text="写开头几位，几个之间用顿号分隔。",
    )
    strata = forms.MultipleChoiceField(
        label="限于哪些层", required=False, choices=[(s.value, s.label) for s in Stratum]
    )
    condition_text = forms.CharField(
        label="条件说明",
        required=False,
        max_length=200,
        help_text="限定了片区、行业或层的为定向抽查，须说明按什么条件、为什么。",
    )
    reason = forms.CharField(
        label="临时任务的理由",
        required=False,
        max_length=200,
        help_text="计划批准以后追加的任务须填，并单独计数。",
    )

    def __init__(
        self,
        *args: Any,
        units: list[tuple[str, str]],
        groups: list[tuple[str, str]],
        grids: tuple[str, ...],
        depts: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.own = depts[0][0]
        self._choose("initiating_unit", units)
        self._choose("item_groups", groups)
        self._choose("grids", [(grid, grid) for grid in grids])
        for stratum in Stratum:
            self.fields[f"count_{stratum.value}"] = _count(f"{stratum.label}抽几家")
        self._add_partners(depts)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if isinstance(field, forms.MultipleChoiceField):
            field.widget.attrs["size"] = min(6, max(2, len(choices)))

    def _add_partners(self, depts: list[tuple[str, str]]) -> None:
        self.fields["sessions"] = forms.IntegerField(
            label="联合抽查次数", required=False, min_value=0, max_value=99
        )
        self.fields["lead"] = forms.ChoiceField(label="牵头部门", required=False, choices=depts)
        self.fields["own_items"] = forms.CharField(
            label="本机构的检查事项", required=False, max_length=400, help_text="用顿号分隔。"
        )
        self.fields["own_people"] = _people("本机构每组检查人数")
        for place in range(1, PLACES + 1):
            choices = [("", "没有"), *depts[1:]]
            self.fields[f"dept_{place}"] = forms.ChoiceField(
                label=f"配合部门 {place}", required=False, choices=choices
            )
            self.fields[f"items_{place}"] = forms.CharField(
                label=f"配合部门 {place} 的检查事项", required=False, max_length=400
            )
            self.fields[f"people_{place}"] = _people(f"配合部门 {place} 每组检查人数")
            self.fields |= {
                f"count_{stratum.value}_{place}": _count(
                    f"{stratum.label}抽几家", "各层都不填的，与本机构相同。"
                )
                for stratum in Stratum
            }

    def condition(self) -> TaskCondition:
        given = self.cleaned_data
        return TaskCondition(
            grids=tuple(given["grids"]),
            industries=words(given["industries"]),
            strata=tuple(Stratum(word) for word in given["strata"]),
        )

    def seats(self, team: int) -> int:
        """The bureau's own people at each site: a joint task names them, else a team goes."""
        people = self.cleaned_data["own_people"] if self.partners() else team
        return people or 0

    def counts(self) -> dict[Stratum, int]:
        return {s: self.cleaned_data[f"count_{s.value}"] or 0 for s in Stratum}

    def partners(self) -> list[tuple[str, tuple[str, ...], int, dict[Stratum, int]]]:
        """Code, items, people and counts of each body; empty where no partner is named."""
        given = self.cleaned_data
        others = [
            (
                given[f"dept_{n}"],
                words(given[f"items_{n}"]),
                given[f"people_{n}"] or 0,
                self._counts_of(n),
            )
            for n in range(1, PLACES + 1)
            if given[f"dept_{n}"]
        ]
        if not others:
            return []
        return [(self.own, words(given["own_items"]), given["own_people"] or 0, {}), *others]

    def _counts_of(self, place: int) -> dict[Stratum, int]:
        """What a partner draws of each stratum; empty where nothing was filled in."""
        held = {s: self.cleaned_data[f"count_{s.value}_{place}"] for s in Stratum}
        return {s: n for s, n in held.items() if n is not None}

    def visible(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    def about(self) -> list[forms.BoundField]:
        return self.visible("name", "initiating_unit", "item_groups", "reason")

    def narrowed(self) -> list[forms.BoundField]:
        return self.visible("grids", "industries", "strata", "condition_text")

    def counted(self) -> list[forms.BoundField]:
        return self.visible(*(f"count_{stratum.value}" for stratum in Stratum))

    def joined(self) -> list[forms.BoundField]:
        return self.visible("sessions", "lead", "own_items", "own_people")

    def bodies(self) -> list[tuple[int, list[forms.BoundField], list[forms.BoundField], bool]]:
        """Each place for a partner: its number, fields, own counts, and whether it is in use."""
        return [
            (
                n,
                self.visible(f"dept_{n}", f"items_{n}", f"people_{n}"),
                self.visible(*(f"count_{s.value}_{n}" for s in Stratum)),
                bool(self.data.get(f"dept_{n}")),
            )
            for n in range(1, PLACES + 1)
        ]


def _people(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=99)


def _count(label: str, hint: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=9999, help_text=hint
    )
