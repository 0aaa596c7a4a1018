"""How days, numbers, states and digests are shown everywhere."""

from dataclasses import dataclass
from datetime import date, datetime

import segno
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from gongchou.core.draw_form import closing_words
from gongchou.core.terms import Term
from gongchou.core.workdays import Deadline, written_day
from gongchou.web import distance as distances
from gongchou.web import icons
from gongchou.web.clock import SHANGHAI
from gongchou.web.tones import Tone, tone_of

register = template.Library()
WEEKDAYS = "一二三四五六日"
# Width of a target's bar in units of its picture, and the room it leaves beyond the mark.
BAR, BEYOND_MARK = 1000, 1.1


@register.filter
def weekday(day: date | None) -> str:
    """9月24日（周二）; with the year where it is not shown beside."""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）" if day else ""


@register.filter
def whole_names(names: str) -> SafeString:
    """A list of names that breaks between two of them, not inside one."""
    return format_html_join(
        "、", '<span class="whole">{}</span>', ((n,) for n in names.split("、"))
    )


@register.filter
def written(day: date | None) -> str:
    """2026年4月1日"""
    return written_day(day) if day else ""


@register.filter
def instant(at: datetime | None) -> str:
    """2026年9月24日 09:05:00, as the trace has it to the second."""
    here = at.astimezone(SHANGHAI) if at else None
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M:%S}" if here else ""


@register.filter
def distance(day: date | Deadline | None, today: date) -> str:
    """还有 3 个工作日 / 就是今天 / 已过 2 个工作日."""
    on = day.on if isinstance(day, Deadline) else day
    return distances.distance(on, today).says if on else ""


@register.simple_tag
def due(day: date | Deadline | None, today: date) -> SafeString | str:
    """A last day with weekday and distance; late is said in words and in colour."""
    on = day.on if isinstance(day, Deadline) else day
    if on is None:
        return ""
    found = distances.distance(on, today)
    provisional = "，暂定" if isinstance(day, Deadline) and day.provisional else ""
    tone = Tone.LATE if found.is_late else Tone.QUIET
    mark = icons.drawn("late") if found.is_late else ""
    return format_html(
        '<span class="due due-{}">{}{}{}，{}</span>',
        tone.value,
        mark,
        weekday(on),
        provisional,
        found.says,
    )


# Django's own word for an empty field, which says neither what nor how.
NOTHING_GIVEN = "这个字段是必填项。"


@register.filter
def told(error: str, label: str) -> str:
    """An error of a field as a sentence that names the field."""
    return f"请填写“{label}”。" if str(error) == NOTHING_GIVEN else error


@register.filter
def closing(rule: str) -> str:
    """The rule by which the last value of a draw comes about, in words."""
    return closing_words(rule)


@register.filter
def grouped(digest: str) -> str:
    """A digest in groups of four, never cut."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


@register.simple_tag
def qr(text: str) -> SafeString:
    """The text as an inline picture made of safe numbers only, dark on light in every mode."""
    picture = segno.make(text, error="m")
    return mark_safe(
        picture.svg_inline(scale=3, border=2, light="#fff", title="二维码", svgclass="qr")
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.drawn(name)


@register.simple_tag
def badge(state: Term | str, tone: str = "") -> SafeString:
    """A state as icon and word in its colour; a plain word takes the tone that is named."""
    if isinstance(state, Term):
        word, shown = state.label, tone_of(state)
    else:
        word, shown = state, Tone.QUIET
    shown = Tone(tone) if tone else shown
    return format_html(
        '<span class="state state-{}">{}{}</span>', shown.value, icons.drawn(shown.value), word
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is done of what is required, and where bar and mark end in their picture."""

    done: int
    required: int
    missing: int
    done_width: int
    mark_at: int


@register.simple_tag
def target(done: int, required: int) -> Target:
    """For `web/_target.html`; more done than required is shown as it is."""
    whole = max(done, required, 1) * BEYOND_MARK
    return Target(
        done=done,
        required=required,
        missing=max(required - done, 0),
        done_width=round(BAR * done / whole),
        mark_at=round(BAR * required / whole),
    )
