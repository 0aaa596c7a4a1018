from typing import Any

from django.db import migrations


def drop_guards(apps: Any, schema_editor: Any) -> None:
    """PostgreSQL keeps the guards' functions after their tables are gone."""
    if schema_editor.connection.vendor == "postgresql":
        for table in ("inspection_clueending", "inspection_clue"):
            schema_editor.execute(f"DROP FUNCTION {table}_refuse()")


class Migration(migrations.Migration):
    dependencies = [("inspection", "0010_carry_clues_to_offsite")]
    operations = [
        migrations.DeleteModel(name="ClueEnding"),
        migrations.DeleteModel(name="Clue"),
        migrations.RunPython(drop_guards, migrations.RunPython.noop),
    ]
