from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_holds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the holds that consultations and sessions have placed as theirs to release."""
    holds = apps.get_model("review", "Hold").objects
    consultations = apps.get_model("joint", "Consultation").objects.exclude(hold=None)
    sessions = apps.get_model("joint", "SessionHold").objects.all()
    holds.filter(pk__in=consultations.values("hold_id")).update(owner="joint")
    holds.filter(pk__in=sessions.values("hold_id")).update(owner="joint")


class Migration(migrations.Migration):
    dependencies = [
        ("joint", "0001_initial"),
        ("review", "0009_holds_of_other_work"),
    ]

    operations = [migrations.RunPython(mark_holds, migrations.RunPython.noop)]
