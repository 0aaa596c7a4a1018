"""What the registers hold, as frozen rows, on any day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from gongchou.accounts import reads as accounts
from gongchou.core import roster, terms
from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.area_reads import MOST_SPOTS as MOST_SPOTS
from gongchou.registry.area_reads import OutlineRow as OutlineRow
from gongchou.registry.area_reads import Spot as Spot
from gongchou.registry.area_reads import area as area
from gongchou.registry.area_reads import outlines as outlines
from gongchou.registry.area_reads import spots as spots
from gongchou.registry.assistant_reads import AssistantRow as AssistantRow
from gongchou.registry.assistant_reads import LetterRow as LetterRow
from gongchou.registry.assistant_reads import assistants as assistants
from gongchou.registry.assistant_reads import letters as letters
from gongchou.registry.board_reads import Board as Board
from gongchou.registry.board_reads import board as board
from gongchou.registry.change_reads import ChangeRow as ChangeRow
from gongchou.registry.change_reads import DesignationRow as DesignationRow
from gongchou.registry.change_reads import MappingRow as MappingRow
from gongchou.registry.change_reads import change as change
from gongchou.registry.change_reads import changes as changes
from gongchou.registry.change_reads import designations as designations
from gongchou.registry.change_reads import mappings as mappings
from gongchou.registry.change_reads import waiting_changes as waiting_changes
from gongchou.registry.fact_reads import valid_on as valid_on
from gongchou.registry.importing.report import unpacked
from gongchou.registry.item_diffs import compared_items as compared_items
from gongchou.registry.item_reads import ItemListRow as ItemListRow
from gongchou.registry.item_reads import ItemRow as ItemRow
from gongchou.registry.item_reads import checklist as checklist
from gongchou.registry.item_reads import item_list as item_list
from gongchou.registry.item_reads import item_list_in_force as item_list_in_force
from gongchou.registry.item_reads import item_lists as item_lists
from gongchou.registry.people_reads import PastVisitRow as PastVisitRow
from gongchou.registry.people_reads import RecusalRow as RecusalRow
from gongchou.registry.people_reads import inspector_of_login as inspector_of_login
from gongchou.registry.people_reads import inspector_of_person as inspector_of_person
from gongchou.registry.people_reads import inspector_ref_of_person as inspector_ref_of_person
from gongchou.registry.people_reads import inspectors as inspectors
from gongchou.registry.people_reads import logins_of_inspectors as logins_of_inspectors
from gongchou.registry.people_reads import past_visits as past_visits
from gongchou.registry.people_reads import recent_pairs as recent_pairs
from gongchou.registry.people_reads import recusal as recusal
from gongchou.registry.people_reads import recusal_rows as recusal_rows
from gongchou.registry.people_reads import recusals as recusals
from gongchou.registry.people_reads import visits_this_year as visits_this_year
from gongchou.registry.placed_reads import Place as Place
from gongchou.registry.placed_reads import Places as Places
from gongchou.registry.placed_reads import places as places
from gongchou.registry.placed_reads import places_named as places_named
from gongchou.registry.placed_reads import places_of as places_of
from gongchou.registry.record_reads import SubjectRecord as SubjectRecord
from gongchou.registry.record_reads import subject_record as subject_record
from gongchou.registry.record_reads import subject_records as subject_records
from gongchou.registry.site_reads import SubjectPage as SubjectPage
from gongchou.registry.site_reads import private_words as private_words
from gongchou.registry.site_reads import subject as subject
from gongchou.registry.staff_reads import PersonRow as PersonRow
from gongchou.registry.staff_reads import StaffGap as StaffGap
from gongchou.registry.staff_reads import roll as roll
from gongchou.registry.staff_reads import staff_gaps as staff_gaps
from gongchou.registry.statistics_reads import Figure as Figure
from gongchou.registry.statistics_reads import Statistics as Statistics
from gongchou.registry.statistics_reads import figures as figures
from gongchou.registry.statistics_reads import statistics as statistics
from gongchou.registry.subject_reads import Page as Page
from gongchou.registry.subject_reads import filter_choices as filter_choices
from gongchou.registry.subject_reads import grids as grids
from gongchou.registry.subject_reads import subject_value, versions_on
from gongchou.registry.subject_reads import subjects as subjects
from gongchou.registry.subject_reads import subjects_named as subjects_named
from gongchou.registry.tag_reads import TagSpan as TagSpan
from gongchou.registry.tag_reads import tag_history as tag_history
from gongchou.registry.tag_reads import tag_spans as tag_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """An uploaded file and its preview."""

    ref: str
    kind: terms.ImportKind
    filename: str
    sha256: str
    report: dict[str, object]
    is_committed: bool
    cleared_at: datetime | None


def own_people(snapshot: roster.RegisterSnapshot) -> roster.RegisterSnapshot:
    """Without the people of partner departments, who come along to joint checks alone."""
    partners = accounts.partner_codes()
    kept = tuple(person for person in snapshot.inspectors if person.unit not in partners)
    return replace(snapshot, inspectors=kept)


def snapshot(bureau: str, on: date) -> roster.RegisterSnapshot:
    """The registers as they stood on a day."""
    rows = versions_on(bureau, on).order_by("subject__ref")
    subjects = tuple(subject_value(row, on) for row in rows)
    items = item_list_in_force(bureau, on)
    return roster.RegisterSnapshot(
        bureau=bureau,
        on=on,
        subjects=subjects,
        inspectors=inspectors(bureau, on),
        recusals=recusals(bureau, on, ((s.ref, s.uscc) for s in subjects)),
        item_groups=items.groups if items else (),
        item_list_version=str(items.version) if items else "",
    )


# A frozen body never changes, and a quarter asks for the same one at every step.
_thawed = lru_cache(maxsize=4)(roster.RegisterSnapshot.thawed)


def frozen_snapshot(ref: str) -> roster.RegisterSnapshot:
    row = models.FrozenSnapshot.objects.filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的名录库快照，请从季度计划页面进入。")
    return _thawed(bytes(row.body))


def _batch(ref: str, bureau: str) -> models.ImportBatch:
    """Without the file itself and its list of problems, which are long."""
    rows = models.ImportBatch.objects.filter(ref=ref, bureau__code=bureau)
    row = rows.defer("content", "findings").first()
    if row is None:
        raise Refused("没有这份待导入的文件，请重新上传。")
    return row


def batch_findings(ref: str, bureau: str) -> Iterator[tuple[str, int, str, str, str]]:
    """Every problem and every warning of an uploaded file, one at a time."""
    row = _batch(ref, bureau)
    if row.cleared_at:
        raise Refused(
            "这份文件过了保存期，逐行的问题已经清除，只留文件摘要和行数。需要的请重新上传原文件。"
        )
    return unpacked(bytes(row.findings))


def batch(ref: str, bureau: str) -> BatchRow:
    row = _batch(ref, bureau)
    return BatchRow(
        ref=row.ref,
        kind=terms.ImportKind(row.kind),
        filename=row.filename,
        sha256=row.sha256,
        report=row.report,
        is_committed=row.committed_at is not None,
        cleared_at=row.cleared_at,
    )


def counts(bureau: str, on: date) -> dict[str, int]:
    """Rows of the registers on a day."""
    return {
        "subjects": versions_on(bureau, on).count(),
        "inspectors": models.InspectorVersion.objects.filter(
            valid_on(on), bureau__code=bureau
        ).count(),
    }
