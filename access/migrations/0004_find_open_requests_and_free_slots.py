from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0003_token_to_buy")]

    operations = [
        migrations.AddIndex(
            model_name="emailverificationtoken",
            index=models.Index(fields=["asker_digest", "asked_at"], name="token_by_asker"),
        ),
        migrations.AddIndex(
            model_name="throttleslot",
            index=models.Index(fields=["rule", "key", "used_at"], name="throttle_slot_free"),
        ),
    ]
