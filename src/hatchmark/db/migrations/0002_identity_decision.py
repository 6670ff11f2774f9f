import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("db", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=600)),
                ("version", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=20)),
                ("answer", models.CharField(max_length=20)),
                ("reasons", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("decided_by", models.CharField(max_length=60)),
                ("decided_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_decisions",
                        to="db.authority",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authority", "key", "version"), name="identity_decision_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["same", "different"])),
                        name="identity_decision_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["same_institution", "same_operator"])),
                        name="identity_decision_what",
                    ),
                ],
            },
        ),
    ]
