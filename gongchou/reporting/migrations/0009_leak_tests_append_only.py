from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("reporting", "0008_leak_tests")]
    operations = [migrations.RunPython(guard("reporting_leaktest"), migrations.RunPython.noop)]
