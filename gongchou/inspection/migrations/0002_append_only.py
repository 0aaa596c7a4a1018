from django.db import migrations

from gongchou.audit.append_only import guard

TABLES = ("inspection_recordrevision", "inspection_evidence")


class Migration(migrations.Migration):
    dependencies = [("inspection", "0001_initial")]
    operations = [migrations.RunPython(guard(*TABLES), migrations.RunPython.noop)]
