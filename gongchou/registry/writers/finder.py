"""The sites that a lot of rows may speak of, fetched at once."""

from collections.abc import Iterable

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
        self._fetched: set[int] = set()
        self._newest: dict[int, models.SubjectVersion] = {}
        self._by_site: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = {}
        known = [tuple(row.get(prefix + key) or "" for key in KEYS) for row in rows]
        self._fetch(change, "site_code", {site for site, _, _ in known if site})
        left = [row for row in known if row[0] not in self._by_site]
        self._fetch(change, "uscc", {uscc for _, uscc, _ in left if uscc})
        self._fetch(change, "name", {name for _, uscc, name in left if name and not uscc})

    def _fetch(self, change: models.RegisterChange, key: str, values: set[str]) -> None:
        """By one key at a time, so that its index serves however large the register is."""
        if values:
            found = models.SubjectVersion.objects.filter(
                bureau=change.bureau, until=None, **{f"{key}__in": values}
            )
            for version in found.select_related("subject"):
                if version.subject_id not in self._fetched:
                    self._fetched.add(version.subject_id)
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
