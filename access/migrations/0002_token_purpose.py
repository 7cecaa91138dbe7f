from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="emailverificationtoken",
            name="purpose",
            field=models.CharField(
                choices=[("read", "To read"), ("notify", "To be told when a course opens"), ("review", "To review")],
                default="read",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="emailverificationtoken",
            constraint=models.CheckConstraint(
                name="token_purpose_is_known", condition=models.Q(purpose__in=["read", "notify", "review"])
            ),
        ),
    ]
