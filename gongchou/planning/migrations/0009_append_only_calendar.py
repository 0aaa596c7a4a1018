from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    """An entry of working days is never changed; a later one takes its place."""

    dependencies = [("planning", "0008_calendar_entries")]

    operations = [migrations.RunPython(guard("planning_calendarentry"), migrations.RunPython.noop)]
