"""The sites that a lot of rows may speak of, fetched at once."""

from collections.abc import Iterable

from django.db.models import Q

from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.writers.changes import Values

KEYS = ("site_code", "uscc", "name")


class Finder:
    """Open versions of one bureau, found by what a row is known by."""

    def __init__(
        self, change: models.RegisterChange, rows: Iterable[Values], prefix: str = ""
    ) -> None:
        self._prefix = prefix
        self._newest: dict[int, models.SubjectVersion] = {}
        self._by_site: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = {}
        wanted = {key: {row.get(prefix + key) or "" for row in rows} - {""} for key in KEYS}
        asked = Q()
        for key, values in wanted.items():
            if values:
                asked |= Q(**{f"{key}__in": values})
        if asked:
            found = models.SubjectVersion.objects.filter(asked, bureau=change.bureau, until=None)
            for version in found.select_related("subject"):
                self.remember(version)

    def remember(self, version: models.SubjectVersion) -> None:
        """Also one that this very lot opens."""
        owner = id(version.subject)
        self._newest[owner] = version
        if version.site_code:
            self._by_site[version.site_code] = owner
        for key in (version.name, version.uscc):
            if key:
                self._by_name.setdefault(key, set()).add(owner)

    def find(self, values: Values) -> models.SubjectVersion | None:
        """The one open version a row speaks of; Refused where several sites would fit."""
        site, uscc, name = (values.get(self._prefix + key) or "" for key in KEYS)
        known = self._newest.get(self._by_site.get(site, 0))
        if known and known.site_code == site:
            return known
        # A site not known yet may be one entered earlier without its code, never another site.
        fitting = [
            row
            for row in (self._newest[n] for n in self._by_name.get(uscc or name, ()))
            if (row.uscc == uscc or not uscc)
            and (row.name == name or not name)
            and not (site and row.site_code)
        ]
        if len(fitting) > 1:
            raise Refused(f"名录中有 {len(fitting)} 处场所与此相符，请填写固定污染源编码以便区分")
        return fitting[0] if fitting else None
