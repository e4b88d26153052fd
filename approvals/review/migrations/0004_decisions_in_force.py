from django.db import migrations


def name_what_holds(apps, schema_editor):
    """Every decision so far is the only one of its case, made under the case's own clock."""
    for decision in apps.get_model("review", "Decision").objects.select_related("case").iterator():
        case = decision.case
        case.decision = decision
        case.save(update_fields=["decision"])
        decision.timer_id = case.timer_id
        decision.save(update_fields=["timer"])


class Migration(migrations.Migration):
    dependencies = [("review", "0003_rounds_requests_and_promises")]

    operations = [migrations.RunPython(name_what_holds, migrations.RunPython.noop)]
