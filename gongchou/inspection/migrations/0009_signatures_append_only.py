from typing import Any

from django.db import migrations

from gongchou.audit.append_only import guard

NEW, REBUILT = "inspection_officersignature", "inspection_fieldoperation"


def protect(apps: Any, schema_editor: Any) -> None:
    """The new table, and the one that SQLite rebuilt without its triggers."""
    is_rebuilt = schema_editor.connection.vendor == "sqlite"
    guard(NEW, *([REBUILT] if is_rebuilt else []))(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("inspection", "0008_signatures")]
    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
