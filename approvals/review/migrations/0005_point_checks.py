import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0004_decisions_in_force"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PointCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("point", models.CharField(max_length=40, verbose_name="要点")),
                ("label", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("fit", "符合"), ("unfit", "不符合"), ("none", "不涉及")],
                        max_length=12,
                        verbose_name="结论",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="说明")),
                ("author_name", models.CharField(max_length=80, verbose_name="办理人")),
                ("marked_at", models.DateTimeField(verbose_name="时间")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="review.reviewtask"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("task", "point"), name="point_check_once_per_step"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "unfit"), _negated=True),
                            models.Q(("remark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="point_check_unfit_says_why",
                    ),
                ],
            },
        ),
    ]
