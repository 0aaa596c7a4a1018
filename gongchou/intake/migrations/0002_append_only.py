from django.db import migrations

from gongchou.audit.append_only import guard

TABLES = ("intake_letter", "intake_letterfile", "intake_letterstep", "intake_spentrating")


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(guard(*TABLES), migrations.RunPython.noop)]
