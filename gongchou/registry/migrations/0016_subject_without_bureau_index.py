import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0015_cleared_uploads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="subject",
            name="bureau",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.bureau",
            ),
        ),
    ]
