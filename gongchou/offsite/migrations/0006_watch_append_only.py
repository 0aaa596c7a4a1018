from django.db import migrations

from gongchou.audit.append_only import guard

TABLES = (
    "offsite_supervisionentry",
    "offsite_entrywithdrawal",
    "offsite_ruleversion",
    "offsite_ruleversionconsent",
    "offsite_judgingrun",
    "offsite_rulefinding",
    "offsite_findingwithdrawal",
    "offsite_guardedfinding",
)


class Migration(migrations.Migration):
    dependencies = [("offsite", "0005_watch")]
    operations = [migrations.RunPython(guard(*TABLES), migrations.RunPython.noop)]
