"""One site with everything the bureau knows of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from gongchou.core import roster, terms
from gongchou.core.area import contains
from gongchou.core.classify import ClassRow
from gongchou.core.coordinates import Point, point
from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.area_reads import area
from gongchou.registry.diffs import FieldDiff, between
from gongchou.registry.fact_reads import known_on, valid_on
from gongchou.registry.people_reads import names_of_inspectors
from gongchou.registry.policy import class_on, profile_of
from gongchou.registry.subject_reads import subject_value, version_on

PRIVATE = ("legal_representative", "contact", "address")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One change in the life of a subject: from when, by whom, why, and what it changed."""

    since: date
    until: date | None
    by_name: str
    source: str
    reason: str
    change: str
    fields: tuple[FieldDiff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteVisit:
    """A finished visit; `is_imported` where it was made before the product came."""

    ref: str
    ended_on: date
    kind: terms.InspectionKind
    people: tuple[str, ...]
    is_imported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another site of the same enterprise, or an entry merged into this one.

    `parted_on` is the day a merger was undone.
    """

    ref: str
    name: str
    site_code: str
    parted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    subject: roster.Subject
    legal_representative: str
    contact: str
    address: str
    permit_valid_until: date | None
    longitude: str
    latitude: str
    place: Point | None
    is_outside: bool
    class_row: ClassRow | None
    grades: tuple[tuple[terms.PerformanceGrade, date, date | None], ...]
    visits: tuple[SiteVisit, ...]
    siblings: tuple[Sibling, ...]
    merged: tuple[Sibling, ...]
    history: tuple[VersionRow, ...]


def subject(ref: str, bureau: str, on: date) -> SubjectPage:
    """One site with its private data and history, for the officers of its own bureau."""
    row = version_on(ref, bureau, on)
    if row is None:
        _explain_absence(ref, bureau, on)
        raise Refused(f"本机构名录中没有编号为 {ref} 的检查对象，请从名录列表进入。")
    value, known = subject_value(row, on), area(bureau, on)
    place = point(row.longitude, row.latitude)
    return SubjectPage(
        subject=value,
        legal_representative=row.legal_representative,
        contact=row.contact,
        address=row.address,
        permit_valid_until=row.permit_valid_until,
        longitude=row.longitude,
        latitude=row.latitude,
        place=place,
        is_outside=bool(place and known and not contains(known, place)),
        class_row=class_on(value, profile_of(bureau, on), on),
        grades=tuple(
            (terms.PerformanceGrade(g.grade), g.since, g.until)
            for g in row.subject.graderecords_known  # type: ignore[attr-defined]
        ),
        visits=_visits(row.subject, bureau, on),
        siblings=_siblings(row, on),
        merged=_merged(row.subject),
        history=_history(row.subject),
    )


def private_words(bureau: str, refs: Collection[str], on: date) -> dict[str, dict[str, str]]:
    """What the register of a day keeps of the people of these sites, by ref."""
    rows = models.SubjectVersion.objects.filter(valid_on(on), subject__ref__in=refs)
    rows = rows.filter(subject__bureau__code=bureau).order_by("-pk")
    found = rows.values_list("subject__ref", *PRIVATE)
    return {ref: dict(zip(PRIVATE, words, strict=True)) for ref, *words in found}


def _explain_absence(ref: str, bureau: str, on: date) -> None:
    """Where the entry stood on other days, or was merged, say so."""
    known = models.Subject.objects.filter(ref=ref, bureau__code=bureau).first()
    if known is None:
        return
    mergers = models.SubjectMerger.objects.filter(merged=known).select_related("kept", "change")
    merger = mergers.order_by("-pk").first()
    if merger and not merger.undone_id:
        raise Refused(
            f"{ref} 已于 {merger.change.on} 并入 {merger.kept.ref}，请打开那一家；"
            "看以前的情况，请在名录中选那一天以前的日期。"
        )
    raise Refused(f"{on} 的名录中没有 {ref}，请另选日期查看。")


def _visits(owner: models.Subject, bureau: str, on: date) -> tuple[SiteVisit, ...]:
    names = names_of_inspectors(bureau)
    rows = models.PastVisit.objects.filter(known_on(on), subject=owner).order_by("-ended_on", "-pk")
    return tuple(
        SiteVisit(
            ref=row.visit_ref,
            ended_on=row.ended_on,
            kind=terms.InspectionKind(row.inspection_kind),
            people=(*(names.get(ref, ref) for ref in row.inspectors), *row.others),
            is_imported=row.change_id is not None,
        )
        for row in rows
    )


def _siblings(row: models.SubjectVersion, on: date) -> tuple[Sibling, ...]:
    if not row.uscc:
        return ()
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau=row.bureau, uscc=row.uscc)
    # Sorted here: asked to sort, the database walks through the register in that order.
    found = rows.exclude(subject=row.subject_id).select_related("subject").order_by()
    sites = [Sibling(ref=s.subject.ref, name=s.name, site_code=s.site_code) for s in found]
    return tuple(sorted(sites, key=attrgetter("site_code", "ref"))[:50])


def _merged(owner: models.Subject) -> tuple[Sibling, ...]:
    rows = models.SubjectMerger.objects.filter(kept=owner).select_related("merged", "undone")
    found = []
    for row in rows.order_by("pk"):
        last = models.SubjectVersion.objects.filter(subject=row.merged).order_by("pk").last()
        if last:
            found.append(
                Sibling(
                    ref=row.merged.ref,
                    name=last.name,
                    site_code=last.site_code,
                    parted_on=row.undone.on if row.undone else None,
                )
            )
    return tuple(found)


def _history(owner: models.Subject) -> tuple[VersionRow, ...]:
    past = list(
        models.SubjectVersion.objects.filter(subject=owner).select_related("change").order_by("pk")
    )
    found = [
        VersionRow(
            since=v.since,
            until=v.until,
            by_name=v.change.by_name,
            source=v.change.source,
            reason=v.change.reason,
            change=v.change.ref,
            fields=between(old, v, terms.ImportKind.SUBJECTS) if old else (),
        )
        for old, v in zip([None, *past], past, strict=False)
    ]
    return tuple(reversed(found))
