"""How days, numbers and digests are shown everywhere."""

from datetime import date, datetime

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

from gongchou.web.clock import SHANGHAI

register = template.Library()
WEEKDAYS = "一二三四五六日"


@register.filter
def weekday(day: date | None) -> str:
    """9月24日（周二）; with the year where it is not shown beside."""
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）" if day else ""


@register.filter
def instant(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""


@register.filter
def grouped(digest: str) -> str:
    """A digest in groups of four, never cut."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


@register.simple_tag
def qr(text: str) -> SafeString:
    """The text as an inline picture made of safe numbers only."""
    return mark_safe(segno.make(text, error="m").svg_inline(scale=3, border=2))
