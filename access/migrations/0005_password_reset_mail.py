from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_find_open_requests_and_free_slots"),
    ]

    operations = [
        migrations.CreateModel(
            name="PasswordResetMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("queued_at", models.DateTimeField(db_index=True)),
                ("send_after", models.DateTimeField(blank=True, null=True)),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("parked_at", models.DateTimeField(blank=True, null=True, verbose_name="given up")),
            ],
            options={
                "verbose_name": "password reset email",
                "verbose_name_plural": "password reset emails",
                "indexes": [
                    models.Index(
                        condition=models.Q(("parked_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["queued_at"],
                        name="password_reset_owed",
                    )
                ],
            },
        ),
    ]
