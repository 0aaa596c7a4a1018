from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    """Forms that were in force and tables that districts sent are never changed."""

    dependencies = [("reporting", "0004_forms_and_districts")]

    operations = [
        migrations.RunPython(
            guard("reporting_tabletemplate", "reporting_districttable"), migrations.RunPython.noop
        )
    ]
