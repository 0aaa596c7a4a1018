"""Record → public document: allow-listed fields only, and people's data taken out of every text.

Each kind of publication has one table of fields (`core.disclosure_fields`). A field that stands in
no table is refused, never let through; what is masked is listed for the person who approves.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core.disclosure_fields import FIELDS, Field, Treatment
from gongchou.core.refusals import Invalid
from gongchou.core.terms import PublicationKind

SECRET = "［涉及商业秘密，不予公开］"
WHOLE = "不属于公开内容，整项不公开"
NATURAL_PERSON = "按自然人的规则隐去名称和代码的中间部分"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Personal data in a text: what it is, and where."""

    what: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One value that does not become public as it was."""

    path: str
    label: str
    was: str
    becomes: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A document fit for the public, and what was changed to make it so."""

    document: dict[str, Any]
    marks: tuple[Mark, ...]


# Full-width digits, letters and signs are read as their narrow twins, place for place.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_ALONE, _END = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
_DAY_OF_MONTH = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_BIRTH = rf"(?:19|20)\d{{2}}{_DAY_OF_MONTH}"
_MOBILE = r"1[3-9]\d(?:[ -]?\d{4}[ -]?\d{4}|[ -]?\d{3}[ -]?\d{5})"
_AREA_CODE = r"(?:\(0\d{2,3}\)|0\d{2,3})"
_PLATE = "0-9A-HJ-NP-Za-hj-np-z"
# Frequent surnames that are hardly ever the end of another word before a form of address.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛阎潘戴钟汪姜范谭廖邹熊陆郝孔崔邱秦顾侯邵孟钱汤尹黎"
)
_ADDRESSED = "先生|女士|小姐|师傅|经理|厂长|老板|主任|大爷|大妈"
_LABELLED = "法定代表人|负责人|联系人|举报人|投诉人|信访人"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(text, re.ASCII))
    for what, text in (
        ("电子邮箱", r"[0-9A-Za-z._%+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+"),
        ("证件号码", rf"{_ALONE}[1-8]\d{{5}}[ -]?{_BIRTH}[ -]?\d{{3}}[0-9Xx]{_END}"),
        ("证件号码", rf"{_ALONE}[1-8]\d{{7}}{_DAY_OF_MONTH}\d{{3}}{_END}"),
        ("电话", rf"{_ALONE}(?:(?:\+|00)?86[ -]?)?{_MOBILE}{_END}"),
        ("电话", rf"{_ALONE}{_AREA_CODE}[ -]?[2-9]\d{{6,7}}(?:[ -]\d{{1,4}})?{_END}"),
        ("电话", r"(?:电话|手机|联系方式)(?:号码)?[: ]*\d{7,8}(?!\d)"),
        (
            "车牌号",
            rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·• .-]?(?=[A-Za-z]*\d)"
            rf"[{_PLATE}]{{4,6}}[挂学警港澳]?{_END}",
        ),
        ("社交账号", r"(?:微信|QQ)(?:号码?)?[: ]*[0-9A-Za-z_-]{5,20}"),
        ("住址", r"(?:家庭住址|住址|家住)[: ]*[^,;。、\s]{2,40}"),
        ("人员姓名", rf"(?:{_LABELLED})[:] *[\u4e00-\u9fff·]{{2,4}}"),
        ("人员姓名", rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?={_ADDRESSED})"),
        ("银行卡号", rf"{_ALONE}\d{{16,19}}{_END}"),
    )
)


def personal(text: str, names: Collection[str] = ()) -> tuple[Finding, ...]:
    """Phones, identity numbers, plates and the like, and the names given, in order of place."""
    found: list[Finding] = []
    for what, start, end in sorted(_matches(text.translate(_NARROW), names), key=_place):
        if not found or start >= found[-1].end:
            found.append(Finding(what=what, start=start, end=end))
    return tuple(found)


def _place(match: tuple[str, int, int]) -> tuple[int, int]:
    return match[1], -match[2]


def _matches(text: str, names: Collection[str]) -> Iterator[tuple[str, int, int]]:
    for what, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield what, match.start(), match.end()
    for name in names:
        wanted = name.strip().translate(_NARROW)
        if len(wanted) > 1 and wanted in text:
            for match in re.finditer(re.escape(wanted), text):
                yield "人员姓名", match.start(), match.end()


def masked(text: str, names: Collection[str] = ()) -> str:
    """The text with each piece of personal data replaced by a word that says what stood there."""
    for finding in reversed(personal(text, names)):
        text = f"{text[: finding.start]}［{finding.what}已隐去］{text[finding.end :]}"
    return text


def is_natural_person(uscc: str) -> bool:
    """Sole traders (codes beginning with 92), and whoever has no code, count as persons."""
    return not uscc or uscc.startswith("92")


def masked_name(name: str) -> str:
    """First and last character stay, so that a page can be spoken about."""
    return name[:1] + "*" * max(1, len(name) - 2) + (name[-1:] if len(name) > 2 else "")


def masked_code(uscc: str) -> str:
    """The first two and the last four characters of a code."""
    return uscc[:2] + "*" * (len(uscc) - 6) + uscc[-4:] if len(uscc) > 6 else uscc


class _Walk:
    """One pass over one document, collecting what was changed."""

    def __init__(self, names: Collection[str], secrets: Collection[str]) -> None:
        self.names, self.secrets = names, frozenset(secrets)
        self.marks: list[Mark] = []
        self.met: set[str] = set()

    def objects(self, fields: Mapping[str, Field], value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Invalid(f"公示内容“{path or '全文'}”应为一组字段。")
        if strange := sorted(str(key) for key in value.keys() - fields.keys()):
            raise Invalid(
                f"公示内容“{path or '全文'}”里有不在公开范围内的字段 {'、'.join(strange)}，"
                "已停止办理。请核对公开字段表后再提出。"
            )
        open_fields = {k for k, f in fields.items() if f.treatment is not Treatment.WITHHELD}
        if missing := sorted(open_fields - value.keys()):
            raise Invalid(f"公示内容“{path or '全文'}”缺少字段 {'、'.join(missing)}。")
        uscc = str(value.get("uscc", "91"))
        found = {
            key: self.one(field, value[key], f"{path}.{key}".lstrip("."), uscc)
            for key, field in fields.items()
            if key in value
        }
        return {key: item for key, item in found.items() if key in open_fields}

    def one(self, field: Field, value: Any, path: str, uscc: str) -> Any:
        if field.many:
            if not isinstance(value, (list, tuple)):
                raise Invalid(f"公示内容“{path}”应为列表。")
            return [self.single(field, v, f"{path}.{n}", uscc) for n, v in enumerate(value)]
        return self.single(field, value, path, uscc)

    def single(self, field: Field, value: Any, path: str, uscc: str) -> Any:
        if path in self.secrets and field.may_be_secret:
            self.met.add(path)
            return self.changed(field, path, str(value), SECRET, "标记为商业秘密")
        match field.treatment:
            case Treatment.OBJECT:
                return self.objects(field.fields, value, path)
            case Treatment.WITHHELD:
                return self.changed(field, path, str(value), "", WHOLE)
            case Treatment.NUMBER:
                return _number(value, path)
            case Treatment.PROTOCOL:
                return _protocol(value, path, self.names)
            case _:
                return self.text(field, _text(value, path), path, uscc)

    def text(self, field: Field, value: str, path: str, uscc: str) -> str:
        if field.treatment is Treatment.TEXT:
            found = personal(value, self.names)
            why = "含有" + "、".join(dict.fromkeys(f.what for f in found))
            return self.changed(field, path, value, masked(value, self.names), why)
        mask = masked_name if field.treatment is Treatment.NAME else masked_code
        becomes = mask(value) if value and is_natural_person(uscc) else value
        if field.treatment is Treatment.NAME and becomes == value:
            return self.changed(field, path, value, masked(value), "名称中含有个人信息")
        return self.changed(field, path, value, becomes, NATURAL_PERSON)

    def changed(self, field: Field, path: str, was: str, becomes: str, why: str) -> str:
        if was != becomes:
            mark = Mark(path=path, label=field.label, was=was, becomes=becomes, why=why)
            self.marks.append(mark)
        return becomes


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"公示内容“{path}”应为文字。")
    return value


def _number(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(f"公示内容“{path}”应为整数。")
    return value


def _protocol(value: Any, path: str, names: Collection[str]) -> Any:
    """A record whose bytes are hashed: nothing in it can be masked, so a leak stops it whole.

    The closing is what dice or a lottery showed, and may look like any number.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key != "closing":
                _protocol(item, f"{path}.{key}", names)
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            _protocol(item, f"{path}.{number}", names)
    elif isinstance(value, str) and (found := personal(value, names)):
        raise Invalid(
            f"记录“{path}”里像是有{found[0].what}，而记录一经改动就无法验证，已停止办理。"
            "请与抽取的组织者核对后再提出。"
        )
    return value


def disclose(
    kind: PublicationKind,
    original: Mapping[str, Any],
    *,
    names: Collection[str] = (),
    secrets: Collection[str] = (),
) -> Disclosed:
    """What of `original` becomes public; Invalid where a field is in no table.

    `names` are people who must not be named in any text; `secrets` are paths of texts that a
    person has marked as trade secrets.
    """
    walk = _Walk(names, secrets)
    document = walk.objects(FIELDS[kind], original, "")
    if unmet := sorted(set(secrets) - walk.met):
        raise Invalid(f"“{'、'.join(unmet)}”不是可以标记为商业秘密的文字，请刷新页面后重选。")
    return Disclosed(document=document, marks=tuple(walk.marks))


def same_place(path: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Where the text at `path` of an earlier row stands in the row of today; empty if it is gone.

    `path` is a key, or a key with the number in its list. A single text that reads otherwise now
    is the same place; in a list the text itself is looked for.
    """
    key, _, number = path.partition(".")
    if not number:
        return key if now[key] else ""
    text = was[key][int(number)]
    return f"{key}.{now[key].index(text)}" if text in now[key] else ""


def check_public(kind: PublicationKind, document: Mapping[str, Any]) -> None:
    """Raise Invalid unless the document is already what `disclose` would leave of it."""
    if found := disclose(kind, document).marks:
        raise Invalid(f"公示内容“{found[0].path}”{found[0].why}，不能公开。请退回后重新提出。")
