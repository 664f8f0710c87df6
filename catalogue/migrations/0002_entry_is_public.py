from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.AddField("entry", "is_public", models.BooleanField(default=False), preserve_default=False),
    ]
