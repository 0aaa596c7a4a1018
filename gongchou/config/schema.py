"""Whether the database fits this version of the product."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gongchou.core.refusals import Refused


def missing_migrations() -> list[str]:
    """Names of the changes that the database has not seen yet."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def check_migrated() -> None:
    """Refused unless the database is up to date."""
    missing = missing_migrations()
    if missing and not MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations():
        raise Refused(
            "还没有建立数据库。请先运行 gongchou migrate，"
            "再用 gongchou bureau create 代码 名称 建立机构。"
        )
    if missing:
        raise Refused(
            f"数据库还缺 {len(missing)} 项升级，不能使用。请先备份，再运行 gongchou migrate。"
        )


def refusal_of(error: Exception) -> Refused | None:
    """What an error of the database means to whoever ran a command; None where it is our fault."""
    if not isinstance(error, DatabaseError):
        return None
    try:
        check_migrated()
    except Refused as refusal:
        return refusal
    except DatabaseError as trouble:
        reason = str(trouble).strip().splitlines()[0]
        return Refused(
            f"数据库连不上：{reason}。请检查数据库服务和 GONGCHOU_DATABASE_URL，再试一次。"
        )
    return None


def let_go() -> None:
    """Close every connection, and the pool where there is one, before other processes start."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def known_migrations() -> set[str]:
    """Names of all changes that this version of the program has."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
