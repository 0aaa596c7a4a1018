"""Which room answers where. A door that is closed has no addresses at all."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from gongchou.config.health import health

# Door, prefix, module. A new room adds its line.
ROOMS = (
    ("back", "", "gongchou.accounts.urls"),
    ("back", "register/", "gongchou.registry.urls"),
    ("back", "", "gongchou.desk.urls"),
)


def _open_rooms() -> list[URLPattern | URLResolver]:
    return [
        path(prefix, include(module)) for door, prefix, module in ROOMS if door in settings.DOORS
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="healthz"),
    *_open_rooms(),
]
