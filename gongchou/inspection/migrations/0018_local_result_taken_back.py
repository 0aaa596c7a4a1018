import django.db.models.deletion
from django.db import migrations, models

from gongchou.audit.append_only import guard_again


class Migration(migrations.Migration):
    dependencies = [("inspection", "0017_local_results")]

    operations = [
        migrations.AlterField(
            model_name="localresultmark",
            name="result",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inspection.localresult",
            ),
        ),
        migrations.RunPython(guard_again("inspection_localresultmark"), migrations.RunPython.noop),
    ]
