"""The policy in force for a bureau on a day, for every room; writes nothing.

It is what the bureau adopted, under the Rulings recorded by that day.

A policy is kept as the lines of its files, so that neither a new version of the product nor a
later edit of a file changes what a plan was made from.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from gongchou.core import canon, plain
from gongchou.core.classify import ClassRow, classify_one
from gongchou.core.policy_keys import KEYS, Setting, setting_of
from gongchou.core.refusals import Invalid
from gongchou.core.roster import Subject
from gongchou.core.rules import PolicyProfile, Ruling
from gongchou.core.rulings import ROTATION, laid_over, with_rulings
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter, add_workdays
from gongchou.law.load import layers_of, load_calendar, policy_layers, profile_of_layers
from gongchou.registry import models

DEFAULT = "tangshan_gaoxin_2024"
LARGEST = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """One file of a policy, line by line (canonical text holds no line breaks)."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRuling:
    """A Ruling as kept with a policy; `value` as `core.policy_keys.setting_text` writes it."""

    ref: str
    key: str
    question: str
    reading: str
    decided_by: str
    document: str
    on: date
    replaces: str
    clause: str
    value: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBody:
    """Everything a plan's rules were read from: files, what they lie over, and Rulings."""

    layers: tuple[tuple[PolicyFile, ...], ...]
    rulings: tuple[KeptRuling, ...]


def value_of(key: str, text: str) -> Setting:
    """The value of a Ruling; None where it only records a reading."""
    if not text:
        return None
    if key.startswith(ROTATION):
        return tuple(text.split("、"))
    return setting_of(key, text)


def _file(name: str, text: str) -> PolicyFile:
    clean = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    return PolicyFile(name=name, lines=tuple(line.expandtabs(4) for line in clean.splitlines()))


def _body(layers: Sequence[Mapping[str, str]]) -> PolicyBody:
    return PolicyBody(
        layers=tuple(tuple(_file(n, t) for n, t in files.items()) for files in layers), rulings=()
    )


def body_of_shipped(policy: str) -> bytes:
    """The frozen form of a policy that the product ships."""
    return frozen(_body(layers_of(policy)))


def body_of_text(name: str, text: str) -> bytes:
    """The frozen form of an uploaded file; Invalid or NoRule with the line and the remedy."""
    if len(text) > LARGEST:
        raise Invalid(f"“{name}”超过 {LARGEST} 字，不像一份方案文件，请核对后重新上传。")
    file = _file(name, text)
    body = frozen(_body(policy_layers({name: "\n".join(file.lines)})))
    profile_of_body(body)
    return body


def frozen(body: PolicyBody) -> bytes:
    return canon.canon(plain.to_plain(body))


def thawed(body: bytes) -> PolicyBody:
    return plain.from_plain(PolicyBody, canon.parse(body))


@lru_cache(maxsize=64)
def profile_of_body(body: bytes) -> PolicyProfile:
    """The policy that a frozen form says."""
    kept = thawed(body)
    layers = [{f.name: "\n".join(f.lines) for f in files} for files in kept.layers]
    rulings = [
        Ruling(
            **{
                name: getattr(r, name)
                for name in KeptRuling.__dataclass_fields__
                if name != "value"
            },
            value=value_of(r.key, r.value),
        )
        for r in kept.rulings
    ]
    return laid_over(profile_of_layers(layers), rulings)


@lru_cache(maxsize=8)
def _default() -> bytes:
    return body_of_shipped(DEFAULT)


def _kept(row: models.RecordedRuling) -> KeptRuling:
    return KeptRuling(
        ref=row.ref,
        key=row.key,
        question=row.question,
        reading=row.reading,
        decided_by=row.decided_by,
        document=row.document,
        on=row.on,
        replaces=row.replaces,
        clause=row.clause,
        value=row.value,
        until=row.until,
    )


def adopted_on(bureau: str, on: date) -> models.AdoptedPolicy | None:
    """The policy a bureau has adopted that is in force on a day; None for the shipped default."""
    rows = models.AdoptedPolicy.objects.filter(bureau__code=bureau, since__lte=on)
    return rows.order_by("-since", "-pk").first()


def body_on(bureau: str, on: date) -> bytes:
    """The frozen form of the policy of a bureau on a day, with the Rulings decided by then."""
    row = adopted_on(bureau, on)
    rulings = models.RecordedRuling.objects.filter(bureau__code=bureau, on__lte=on)
    kept = tuple(_kept(ruling) for ruling in rulings.order_by("on", "pk"))
    body = bytes(row.body) if row else _default()
    return frozen(replace(thawed(body), rulings=kept)) if kept else body


def profile_of(bureau: str, on: date = date.max) -> PolicyProfile:
    """The policy of a bureau on a day under its Rulings; without a day, the newest there is."""
    return profile_of_body(body_on(bureau, on))


def under_trial(bureau: str, key: str, value: str, on: date) -> PolicyProfile:
    """The policy as it would be from a day on under one more answer; nothing is recorded."""
    profile = profile_of(bureau)
    standing = profile.ruling(key)
    answer = Ruling(
        ref="trial",
        key=key,
        question=label_of(key),
        reading="试算",
        decided_by="试算",
        document="",
        on=on,
        replaces=standing.ref if standing else "",
        clause="",
        value=value_of(key, value.strip()),
    )
    return with_rulings(profile, [answer])


def questions_of(profile: PolicyProfile) -> tuple[Ruling, ...]:
    """The Rulings that stand today: one for each question, the replaced ones left out."""
    replaced = {ruling.replaces for ruling in profile.rulings}
    return tuple(ruling for ruling in profile.rulings if ruling.ref not in replaced)


def label_of(key: str) -> str:
    """What a setting decides, in words."""
    if key.startswith(ROTATION):
        stratum = key.removeprefix(ROTATION)
        return f"{Stratum(stratum).label}的轮换" if stratum in set(Stratum) else key
    return KEYS[key].label if key in KEYS else key


def is_settable(key: str) -> bool:
    """Whether a Ruling on this key may carry a value, or only records how it is done."""
    return key in KEYS or (key.startswith(ROTATION) and key[len(ROTATION) :] in set(Stratum))


def class_on(subject: Subject, profile: PolicyProfile, on: date) -> ClassRow | None:
    """Class and reasons of one site by the policy of a day; None before it came into force."""
    if on < profile.since:
        return None
    return classify_one(subject, profile, on=on, quarter=Quarter.of(on))


def cooldown_begins(bureau: str, on: date) -> date:
    """From this day up to `on`, what removes or re-classes sites takes two persons."""
    profile = profile_of(bureau, on)
    days = profile.number("register.cooldown_days", max(on, profile.since))
    return add_workdays(on, -days, load_calendar())
