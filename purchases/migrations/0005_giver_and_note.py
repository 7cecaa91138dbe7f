from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchases", "0004_plain_words")]

    operations = [
        migrations.AddField(
            model_name="giftmail",
            name="giver",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="given by"),
        ),
        migrations.AddField(
            model_name="giftmail",
            name="note",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="note"),
        ),
    ]
