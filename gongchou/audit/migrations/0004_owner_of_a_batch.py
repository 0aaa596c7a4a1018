"""Batches of one bureau's rows; SQLite may rebuild the table and loses its guard."""

from django.db import migrations, models

from gongchou.audit.append_only import VERBS, guard_again


def lift(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in VERBS:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS audit_tableseal_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_row_seals"),
    ]

    operations = [
        migrations.RunPython(lift, migrations.RunPython.noop),
        migrations.AddField(
            model_name="tableseal",
            name="owner",
            field=models.CharField(default="", max_length=20, verbose_name="机构代码"),
        ),
        migrations.RunPython(guard_again("audit_tableseal"), migrations.RunPython.noop),
    ]
