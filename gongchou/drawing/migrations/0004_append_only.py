from django.db import migrations

from gongchou.audit.append_only import guard


class Migration(migrations.Migration):
    dependencies = [("drawing", "0003_log_heads")]
    operations = [migrations.RunPython(guard("drawing_drawlogentry"), migrations.RunPython.noop)]
