"""Keep with every clock by how many days it was extended; from now on recording does."""

from django.db import migrations
from django.db.models import OuterRef, Subquery, Sum


def keep(apps, schema_editor):
    events = apps.get_model("deadlines", "TimerEvent").objects.filter(type="extended")
    days = events.filter(timer_id=OuterRef("pk")).values("timer_id").annotate(sum=Sum("days")).values("sum")
    apps.get_model("deadlines", "Timer").objects.filter(pk__in=events.values("timer_id")).update(
        extended_days=Subquery(days)
    )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0007_extended_days")]

    # going back, the column goes with what is in it
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
