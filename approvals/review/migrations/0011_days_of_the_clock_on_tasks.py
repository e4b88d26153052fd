from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0010_tolerances_supplied"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewtask",
            name=name,
            field=models.DateField(null=True, verbose_name=words),
        )
        for name, words in (
            ("clock_from", "起算显示日"),
            ("due_on", "承诺到期日"),
            ("yellow_on", "转黄日"),
            ("red_on", "转红日"),
            ("paused_on", "停计日"),
        )
    ]
