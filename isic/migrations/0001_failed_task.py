from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedTask",
            fields=[],
            options={
                "verbose_name": "tâche en échec",
                "verbose_name_plural": "envois et tâches en échec",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("django_tasks_database.dbtaskresult",),
        ),
    ]
