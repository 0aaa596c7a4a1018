from django.db import migrations

from gongchou.audit.append_only import guard, guard_again


class Migration(migrations.Migration):
    dependencies = [("offsite", "0007_pushed_rows")]
    operations = [
        migrations.RunPython(guard("offsite_pushedrow"), migrations.RunPython.noop),
        migrations.RunPython(guard_again("offsite_inletfile"), migrations.RunPython.noop),
    ]
