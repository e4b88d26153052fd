from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0006_moves_to_tell")]

    operations = [
        migrations.AddField(
            model_name="timer",
            name="extended_days",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="延长天数"),
        ),
    ]
