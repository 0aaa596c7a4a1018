"""What can be looked at only through the database."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django_q.models import OrmQ

from gongchou.config.checkup_basics import FAIL, OK, WARN, Finding
from gongchou.config.checkup_draw import draw_logs
from gongchou.config.schema import missing_migrations
from gongchou.config.sqlite import is_wal_safe

FULL = 2
OLDEST_POSTGRESQL = 15
LONGEST_WAIT = timedelta(minutes=10)


def database_findings() -> list[Finding]:
    """Connection first; without it nothing else can be asked."""
    try:
        connection.ensure_connection()
        engine = _sqlite() if connection.vendor == "sqlite" else [_postgresql()]
        found = [*engine, _schema(), *_queue()]
        return found if missing_migrations() else [*found, *draw_logs(datetime.now(UTC))]
    except DatabaseError as problem:
        mend = "请检查数据库服务、GONGCHOU_DATABASE_URL 和文件权限。"
        says = f"连接不上（{type(problem).__name__}）。"
        return [Finding(name="数据库", state=FAIL, says=says, mend=mend)]


def _pragma(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return str(cursor.fetchone()[0])


def _sqlite() -> list[Finding]:
    version = ".".join(map(str, settings.SQLITE_VERSION))
    journal, durable = _pragma("journal_mode"), _pragma("synchronous") == str(FULL)
    is_sound = durable and _pragma("foreign_keys") == "1"
    found = Finding(name="SQLite 设置", state=OK, says="每次提交均落盘，外键检查已打开。")
    if not is_sound:
        mend = "请勿改动产品的连接设置；请联系维护人员。"
        found = Finding(name="SQLite 设置", state=FAIL, says="提交未必落盘。", mend=mend)
    return [_sqlite_version(version, journal), found]


def _sqlite_version(version: str, journal: str) -> Finding:
    says = f"{version}，日志方式 {journal.upper()}"
    if is_wal_safe(settings.SQLITE_VERSION):
        return Finding(name="SQLite", state=OK, says=f"{says}。")
    mend = "请安装 pysqlite3 0.6.1 以上，可恢复预写日志。"
    if journal == "wal":
        return Finding(name="SQLite", state=FAIL, says=f"{says}，此版本可能丢失数据。", mend=mend)
    return Finding(name="SQLite", state=WARN, says=f"{says}，因版本有缺陷而较慢。", mend=mend)


def _postgresql() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
        cursor.execute("SHOW synchronous_commit")
        durable = cursor.fetchone()[0] != "off"
    major = number // 10000
    if not durable:
        mend = "请把 synchronous_commit 设为 on。"
        return Finding(name="PostgreSQL", state=FAIL, says="提交未必落盘。", mend=mend)
    if major < OLDEST_POSTGRESQL:
        mend = f"请升级到 {OLDEST_POSTGRESQL} 以上。"
        return Finding(name="PostgreSQL", state=FAIL, says=f"版本 {major} 过旧。", mend=mend)
    return Finding(name="PostgreSQL", state=OK, says=f"版本 {major}，提交即落盘。")


def _schema() -> Finding:
    if missing := missing_migrations():
        mend = "请先备份，再运行 gongchou migrate。"
        return Finding(name="数据表", state=FAIL, says=f"还缺 {len(missing)} 项升级。", mend=mend)
    return Finding(name="数据表", state=OK, says="已是本版本。")


def _queue() -> list[Finding]:
    if OrmQ._meta.db_table not in connection.introspection.table_names():
        return []
    waiting = OrmQ.objects.order_by("lock")
    first = waiting.first()
    if first and first.lock and first.lock < datetime.now(UTC) - LONGEST_WAIT:
        says = f"有 {waiting.count()} 项在等，最早的已等了十分钟以上。"
        mend = "请确认 gongchou worker 正在运行。"
        return [Finding(name="后台任务", state=WARN, says=says, mend=mend)]
    return [Finding(name="后台任务", state=OK, says=f"排队 {waiting.count()} 项。")]
