"""The sites that a lot of rows may speak of, fetched at once."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.writers.changes import Values

TABLE = models.SubjectVersion._meta.db_table
KEYS = ("site_code", "uscc", "name")


class Opened(NamedTuple):
    """What this very lot opens: known by the same names as a version that was fetched."""

    subject_id: Any
    change_id: int
    name: str
    uscc: str
    site_code: str
    fields: Values


class Finder:
    """Open versions of one bureau, found by what a row is known by."""

    def __init__(
        self, change: models.RegisterChange, rows: Iterable[Values], prefix: str = ""
    ) -> None:
        self._names = tuple(prefix + key for key in KEYS)
        self._newest: dict[Any, Any] = {}
        self._by_site: dict[str, Any] = {}
        self._by_name: dict[str, set[Any]] = {}
        known = [self._known(row) for row in rows]
        self._fetch(change, "site_code", {site for site, _, _ in known if site})
        left = [row for row in known if row[0] not in self._by_site]
        self._fetch(change, "uscc", {uscc for _, uscc, _ in left if uscc})
        self._fetch(change, "name", {name for _, uscc, name in left if name and not uscc})

    def _known(self, row: Values) -> tuple[str, str, str]:
        get = row.get
        site, uscc, name = self._names
        return get(site) or "", get(uscc) or "", get(name) or ""

    def _fetch(self, change: models.RegisterChange, key: str, values: set[str]) -> None:
        """By one key at a time, so that its index serves however large the register is.

        A file of new sites finds nothing: that must not cost an object for each of its texts.
        """
        if not values:
            return
        places = ", ".join(["%s"] * len(values))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {TABLE} WHERE bureau_id = %s AND until IS NULL"
                f" AND {key} IN ({places})",
                [change.bureau_id, *values],
            )
            found = [pk for (pk,) in cursor.fetchall()]
        if not found:
            return
        for version in models.SubjectVersion.objects.filter(pk__in=found).select_related("subject"):
            if version.subject_id not in self._newest:
                self.remember(version)

    def remember(self, version: models.SubjectVersion | Opened) -> None:
        """Also one that this very lot opens, by whatever stands for its site."""
        owner = version.subject_id
        self._newest[owner] = version
        if version.site_code:
            self._by_site[version.site_code] = owner
        for key in (version.name, version.uscc):
            if key:
                self._by_name.setdefault(key, set()).add(owner)

    def find(self, values: Values) -> Any:
        """The one open version a row speaks of, or None; Refused where several sites would fit.

        A `SubjectVersion`, or `Opened` where this lot opened it.
        """
        site, uscc, name = self._known(values)
        owner = self._by_site.get(site)
        known = self._newest[owner] if owner is not None else None
        if known and known.site_code == site:
            return known
        same = self._by_name.get(uscc or name)
        if same is None:
            return None
        # A site not known yet may be one entered earlier without its code, never another site.
        fitting = [
            row
            for row in (self._newest[n] for n in same)
            if (row.uscc == uscc or not uscc)
            and (row.name == name or not name)
            and not (site and row.site_code)
        ]
        if len(fitting) > 1:
            raise Refused(f"名录中有 {len(fitting)} 处场所与此相符，请填写固定污染源编码以便区分")
        return fitting[0] if fitting else None
