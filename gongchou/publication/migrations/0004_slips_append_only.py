from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("publication", "0003_door_slips")]
    operations = [migrations.RunPython(guard("publication_doorslip"), migrations.RunPython.noop)]
