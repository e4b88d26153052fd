"""Give every open task the days of its case's clock; from now on the acts that move the clock copy them."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

COPIED = {
    "clock_from": "clock_from",
    "due_on": "promised_due_on",
    "yellow_on": "yellow_on",
    "red_on": "red_on",
    "paused_on": "paused_on",
}


def copy_days(apps, schema_editor):
    tasks = apps.get_model("review", "ReviewTask").objects.filter(state__in=["waiting", "claimed"])
    cases = apps.get_model("review", "Case").objects.filter(pk=OuterRef("case_id"))
    tasks.update(
        **{name: Subquery(cases.values(f"timer__{column}")) for name, column in COPIED.items()},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0011_days_of_the_clock_on_tasks"),
        ("deadlines", "0005_stage_days_and_backdated"),
    ]

    # going back, the columns go with what is in them
    operations = [migrations.RunPython(copy_days, migrations.RunPython.noop)]
