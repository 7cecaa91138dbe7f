from django.db import migrations, models


class Migration(migrations.Migration):
    """An entry is confirmed by any mail asked for this wish, so it does not point at one."""

    dependencies = [("release", "0001_initial"), ("access", "0002_token_purpose")]

    operations = [
        migrations.AlterModelOptions(
            name="waitlistentry",
            options={
                "permissions": [("export_waitlistentry", "Can export waitlists")],
                "verbose_name": "waitlist entry",
                "verbose_name_plural": "waitlist entries",
            },
        ),
        migrations.RemoveField(model_name="waitlistentry", name="token"),
        migrations.AlterField(
            model_name="waitlistentry", name="asked_at", field=models.DateTimeField(verbose_name="asked")
        ),
        migrations.AlterField(
            model_name="waitlistentry",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
        ),
        migrations.AlterField(
            model_name="waitlistentry",
            name="parked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="given up"),
        ),
        migrations.AlterField(
            model_name="waitlistentry",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="told"),
        ),
    ]
