import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0006_policies_move_to_registry")]

    operations = [
        migrations.AlterField(
            model_name="clausetext",
            name="adopted",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.adoptedpolicy",
            ),
        ),
        migrations.DeleteModel(name="AdoptedPolicy"),
        migrations.DeleteModel(name="RecordedRuling"),
    ]
