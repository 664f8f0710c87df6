import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import isic.lib.ordering

ROWS = "goal criterion teammember partnership budgetline stafftime session quote media".split()


def give_each_row_its_key(apps, schema_editor):
    """The default of a new column is drawn once for all rows."""
    for name in ROWS:
        rows = apps.get_model("actions", name).objects
        for pk in rows.values_list("pk", flat=True):
            rows.filter(pk=pk).update(key=uuid.uuid4())


def give_each_theme_its_key(apps, schema_editor):
    for theme in apps.get_model("actions", "theme").objects.all():
        theme.save()


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0001_initial"),
        ("partners", "0001_initial"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrivacyFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40, verbose_name="texte")),
                ("kinds", models.CharField(max_length=200, verbose_name="ce qui a été repéré")),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="confirmé le")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="relu le")),
            ],
            options={
                "verbose_name": "signalement",
                "ordering": ["-confirmed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="numéro")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("loaded", "état de départ"),
                            ("created", "créée"),
                            ("copied", "reprise d’une autre fiche"),
                            ("edited", "modifiée"),
                            ("proposed", "proposée"),
                            ("sent_back", "renvoyée à l’équipe"),
                            ("published", "publiée"),
                            ("archived", "archivée"),
                            ("reopened", "remise en brouillon"),
                            ("restored", "version restaurée"),
                            ("verified", "vérifiée"),
                        ],
                        max_length=10,
                        verbose_name="événement",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motif")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("content", models.JSONField(verbose_name="contenu")),
            ],
            options={
                "verbose_name": "version",
                "ordering": ["-number", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="newcomers_due_on",
            field=models.DateField(blank=True, null=True, verbose_name="accueil de nouveaux à confirmer le"),
        ),
        migrations.AddField(
            model_name="action",
            name="reminded_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="rappel envoyé le"),
        ),
        migrations.AddField(
            model_name="action",
            name="submission",
            field=models.UUIDField(
                editable=False,
                help_text="Le même formulaire envoyé deux fois ne crée rien deux fois.",
                null=True,
                unique=True,
                verbose_name="dépôt",
            ),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="criterion",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="goal",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="media",
            name="added_at",
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now, verbose_name="ajouté le"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="media",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="added_media",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ajouté par",
            ),
        ),
        migrations.AddField(
            model_name="media",
            name="height",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="hauteur en pixels"),
        ),
        migrations.AddField(
            model_name="media",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="media",
            name="weight",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="poids en octets"),
        ),
        migrations.AddField(
            model_name="media",
            name="width",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="largeur en pixels"),
        ),
        migrations.AddField(
            model_name="media",
            name="widths",
            field=models.JSONField(default=list, editable=False, verbose_name="largeurs réduites"),
        ),
        migrations.AddField(
            model_name="partnership",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="quote",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="session",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="stafftime",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="teammember",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="clé"),
        ),
        migrations.AddField(
            model_name="theme",
            name="sort_key",
            field=isic.lib.ordering.SortKeyField(
                db_index=True, default="", editable=False, max_length=200, source="name"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(give_each_theme_its_key, migrations.RunPython.noop),
        migrations.RunPython(give_each_row_its_key, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_budgetline_key"),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_criterion_key"),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_goal_key"),
        ),
        migrations.AddConstraint(
            model_name="media",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_media_key"),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_partnership_key"),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_quote_key"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_session_key"),
        ),
        migrations.AddConstraint(
            model_name="stafftime",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_stafftime_key"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(fields=("action", "key"), name="actions_teammember_key"),
        ),
        migrations.AddField(
            model_name="privacyflag",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="privacy_flags",
                to="actions.action",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="privacyflag",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="confirmed_flags",
                to=settings.AUTH_USER_MODEL,
                verbose_name="confirmé par",
            ),
        ),
        migrations.AddField(
            model_name="privacyflag",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reviewed_flags",
                to=settings.AUTH_USER_MODEL,
                verbose_name="relu par",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="actions.action",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="versions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyflag",
            constraint=models.UniqueConstraint(
                fields=("action", "field", "fingerprint"),
                name="actions_privacyflag_once",
                violation_error_message="Ce texte est déjà signalé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyflag",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewed_at__isnull", False), ("reviewed_by", None), _connector="OR"),
                name="actions_privacyflag_reviewed",
                violation_error_message="Un signalement relu a une date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("action", "number"),
                name="actions_version_once",
                violation_error_message="Cette version existe déjà.",
            ),
        ),
    ]
