from django.db import migrations

from gongchou.audit.append_only import guard

TABLES = ("inspection_fieldoperation", "inspection_clue")


class Migration(migrations.Migration):
    dependencies = [("inspection", "0004_field")]
    operations = [migrations.RunPython(guard(*TABLES), migrations.RunPython.noop)]
