from django.db import migrations, models

PURPOSES = [
    ("read", "To read"),
    ("notify", "To be notified when a course opens"),
    ("review", "To review"),
    ("buy", "To buy"),
    ("move", "To take over purchases from another email"),
    ("gift", "To open a gift"),
]


class Migration(migrations.Migration):
    dependencies = [("access", "0006_plain_words")]

    operations = [
        migrations.AlterField(
            model_name="emailverificationtoken",
            name="purpose",
            field=models.CharField(choices=PURPOSES, default="read", max_length=16),
        ),
        migrations.RemoveConstraint(model_name="emailverificationtoken", name="token_purpose_is_known"),
        migrations.AddConstraint(
            model_name="emailverificationtoken",
            constraint=models.CheckConstraint(
                name="token_purpose_is_known",
                condition=models.Q(purpose__in=["read", "notify", "review", "buy", "move", "gift"]),
            ),
        ),
    ]
