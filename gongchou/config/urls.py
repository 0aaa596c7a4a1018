"""Which room answers where. A door that is closed has no addresses at all."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from gongchou.config import demo_door, design_page, display_door
from gongchou.config.api import api
from gongchou.config.favicon import favicon
from gongchou.config.health import health
from gongchou.web.verifier import verify, verify_gate

# Door, prefix, module. A new room adds its line.
ROOMS = (
    ("back", "", "gongchou.accounts.urls"),
    ("back", "webhooks/", "gongchou.webhooks.urls"),
    ("back", "discipline/", "gongchou.intake.urls"),
    ("back", "register/", "gongchou.registry.urls"),
    ("back", "training/", "gongchou.training.urls"),
    ("back", "plan/", "gongchou.planning.urls"),
    ("back", "draw/", "gongchou.drawing.urls"),
    ("back", "offsite/", "gongchou.offsite.urls"),
    ("back", "visits/", "gongchou.inspection.urls"),
    ("field", "field/", "gongchou.inspection.field_urls"),
    ("back", "publish/", "gongchou.publication.urls"),
    ("back", "statistics/", "gongchou.reporting.urls"),
    ("back", "oversight/", "gongchou.reporting.oversight_urls"),
    ("open", "open/paper/", "gongchou.inspection.open_urls"),
    ("open", "open/", "gongchou.portal.urls"),
    ("back", "", "gongchou.desk.urls"),
)


def _open_rooms() -> list[URLPattern | URLResolver]:
    return [
        path(prefix, include(module)) for door, prefix, module in ROOMS if door in settings.DOORS
    ]


def _interface() -> list[URLPattern | URLResolver]:
    """Programs of officers and of other systems come in where the officers do."""
    return [path("api/v1/", api.urls)] if "back" in settings.DOORS else []


def _verifier() -> list[URLPattern | URLResolver]:
    """The pages that check a draw and a gate code stand at the public door, beside the portal."""
    if "open" not in settings.DOORS:
        return []
    return [
        path("open/verify/", verify, name="verify"),
        path("open/verify/gate/", verify_gate, name="verify_gate"),
    ]


def _demo_door() -> list[URLPattern | URLResolver]:
    if not settings.DEMO:
        return []
    return [
        path("design/", design_page.design, name="design"),
        path("demo/", demo_door.choose, name="demo"),
        path("demo/clock/", demo_door.move_clock, name="demo_clock"),
        path("demo/<str:name>/", demo_door.enter, name="demo_enter"),
    ]


handler404 = "gongchou.config.not_found.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("display/", display_door.choose, name="display"),
    *_demo_door(),
    *_verifier(),
    *_interface(),
    *_open_rooms(),
]
