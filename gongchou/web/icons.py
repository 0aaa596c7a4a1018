"""One family of outline icons, drawn here: 24 by 24, one line, always beside a word."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: Mapping[str, str] = {
    "done": "M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0M8 12.5l3 3l5.5-6",
    "running": "M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0M12 7.5v4.5l3 2",
    "attention": "M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0M12 7.5v5M12 16v.2",
    "late": "M12 4l9 16h-18zM12 10v4.5M12 17v.2",
    "quiet": "M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0M8.5 12h7",
    "waiting": "M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0",
    "search": "M4.5 10.5a6 6 0 1 0 12 0a6 6 0 1 0-12 0M15 15l5 5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "next": "M9 5l7 7l-7 7",
    "day": "M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4",
    "person": "M8.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M5 20c0-4 3-6 7-6s7 2 7 6",
    "list": "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.2M4.5 12h.2M4.5 17.5h.2",
    "question": "M4 12a8 8 0 1 0 16 0a8 8 0 1 0-16 0M9.8 10a2.3 2.3 0 1 1 3.4 2.2c-.8.4-1.2.9-1.2 1.6M12 16.4v.2",  # noqa: E501
}  # fmt: skip


def drawn(name: str) -> SafeString:
    """The icon as inline SVG; hidden from readers, because its word stands beside it."""
    return format_html(
        '<svg class="icon" width="20" height="20" viewBox="0 0 24 24" fill="none" '
        'stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        mark_safe(PATHS[name]),
    )
