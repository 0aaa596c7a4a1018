"""Whether the database fits this version of the product."""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from gongchou.core.refusals import Refused


def missing_migrations() -> list[str]:
    """Names of the changes that the database has not seen yet."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def check_migrated() -> None:
    """Refused unless the database is up to date."""
    if missing := missing_migrations():
        raise Refused(
            f"数据库还缺 {len(missing)} 项升级，不能使用。请先备份，再运行 gongchou migrate。"
        )


def let_go() -> None:
    """Close every connection, and the pool where there is one, before other processes start."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def known_migrations() -> set[str]:
    """Names of all changes that this version of the program has."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
