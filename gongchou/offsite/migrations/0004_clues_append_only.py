from django.db import migrations

from gongchou.audit.append_only import guard

TABLES = (
    "offsite_clueevidence",
    "offsite_cluemove",
    "offsite_clueweights",
    "offsite_clueweightssignature",
    "offsite_delistingproposal",
    "offsite_delistingdecision",
    "offsite_inletfile",
    "offsite_windreading",
    "offsite_camera",
)


class Migration(migrations.Migration):
    dependencies = [("offsite", "0003_clues_and_inlets")]
    operations = [migrations.RunPython(guard(*TABLES), migrations.RunPython.noop)]
