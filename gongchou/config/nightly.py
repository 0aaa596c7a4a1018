"""What the house does for itself at night."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command

from gongchou.accounts import reads as accounts
from gongchou.audit import actions as events
from gongchou.audit import reads as audit
from gongchou.audit import seal_reads, sealing
from gongchou.config import checkpoints
from gongchou.core.powers import system
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions as drawing
from gongchou.drawing import log_reads
from gongchou.offsite import actions as offsite
from gongchou.offsite import watch_reads
from gongchou.planning import own_years
from gongchou.planning import reads as planning
from gongchou.registry import actions as registry
from gongchou.reporting import actions as reporting
from gongchou.reporting import reads as tables
from gongchou.web import clock

logger = logging.getLogger(__name__)
# Data that comes within two hours is in time.
WATERMARK = timedelta(hours=2)


def clear_sessions() -> None:
    """Sessions that have ended leave the database."""
    call_command("clearsessions")


def clear_uploads() -> None:
    """Files of imports whose term is over leave the database; their digests and counts stay."""
    at = clock.now()
    for row in accounts.bureaus():
        registry.clear_uploads(settings.UPLOAD_DAYS, by=system(row.code), at=at)


def seal_tables() -> None:
    """Every hour what is new in the guarded tables is bound into every chain."""
    at = clock.now()
    for table in sealing.guarded():
        events.seal_rows(table, by=system(""), at=at)
    for bureau in audit.bureaus():
        events.record_seals(by=system(bureau), at=at)


def keep_checkpoints() -> None:
    """The heads of the chains go to the other disk, where one is named."""
    if settings.CHECKPOINTS:
        for path in checkpoints.keep(settings.CHECKPOINTS, clock.now()):
            logger.info("校验点 %s 已存到另一块磁盘。", path.name)


def verify_trails() -> None:
    """Walk every chain of events and all that it seals; a break is an error in the log."""
    for bureau in audit.bureaus():
        if found := audit.first_break_of(bureau):
            logger.error("机构 %s 的留痕链在第 %s 条断开，请立即核查。", bureau, found.seq)
        if row := seal_reads.first_difference(bureau):
            place = (bureau, row.table, row.key, row.says)
            logger.error("机构 %s 核对表 %s 第 %s 行：%s，请立即核查。", *place)
        if settings.CHECKPOINTS:
            for says in checkpoints.disagreements(settings.CHECKPOINTS, bureau):
                logger.error("机构 %s 的留痕%s请立即核查。", bureau, says)


def sign_draw_logs() -> None:
    """Every bureau's draw log gets its head of the day, for the superior bureau to cosign."""
    at = clock.now()
    for bureau in _own_bureaus():
        if log_reads.size(bureau):
            drawing.sign_log(by=system(bureau), at=at)


def _own_bureaus() -> list[str]:
    return [row.code for row in accounts.bureaus() if not row.is_partner]


def build_facts() -> None:
    """Count this quarter and the one before, in which records still come in.

    Earlier ones of the year are counted anew where they were counted once: papers, publications
    and fines that came late stand in the year to date.
    """
    at = clock.now()
    this = Quarter.of(clock.day_of(at))
    for bureau in _own_bureaus():
        for quarter in (*tables.year_until(this.previous()), this):
            is_near = quarter >= this.previous()
            if not is_near and not tables.was_counted(bureau, quarter):
                continue
            reporting.build_facts(quarter, by=system(bureau), at=at)


def raise_alarms() -> None:
    """Ask the rules of oversight about every bureau; the discipline office finds the rest."""
    at = clock.now()
    for bureau in _own_bureaus():
        reporting.raise_alarms(by=system(bureau), at=at)


def make_statistics() -> None:
    """From the day the table is due it is there in the morning; a correction needs a person."""
    at = clock.now()
    today = clock.day_of(at)
    ended = Quarter.of(today).previous()
    for bureau in _own_bureaus():
        plan = planning.state_of(bureau, str(ended))
        is_due = planning.deadlines(bureau, str(ended)).statistics.on <= today
        if is_due and plan is PlanState.APPROVED and not tables.versions(bureau, str(ended)):
            reporting.make_statistics(ended, by=system(bureau), at=at)


def judge_hours() -> None:
    """What the monitors sent since yesterday; data that came late within a day is judged again."""
    _judge(timedelta(days=1))


def judge_days() -> None:
    """The last eight days once more, so that late history and daily rules are seen whole."""
    _judge(timedelta(days=8))


def _judge(back: timedelta) -> None:
    at = clock.now()
    until = at.replace(minute=0, second=0, microsecond=0) - WATERMARK
    for bureau in _own_bureaus():
        if watch_reads.watched(bureau):
            folder = settings.ENVIRONMENT.var
            offsite.judge_window(folder, until - back, until, by=system(bureau), at=at)


def write_own_years() -> None:
    """After a restore, or on a second machine, the files of working days follow the database."""
    if changed := own_years.write_own_years():
        logger.info("工作日历的 %s 个文件已按数据库更新。", changed)
