"""Features of an edition are found by (edition, index); an index of the edition alone only made imports slower."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("layers", "0006_import_jobs")]
    operations = [
        migrations.AlterField(
            model_name="feature",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="features",
                to="layers.edition",
            ),
        ),
    ]
