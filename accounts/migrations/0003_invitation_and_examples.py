from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_throttle")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="invited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="invité le"),
        ),
        migrations.AddField(
            model_name="user",
            name="is_example",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Une démonstration\xa0: la double authentification ne lui est pas demandée.",
                verbose_name="compte d’exemple",
            ),
        ),
    ]
