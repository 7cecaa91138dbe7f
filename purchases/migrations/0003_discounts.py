from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("purchases", "0002_gifts")]

    operations = [
        migrations.AddField(model_name="checkoutintent", name="takes_coupons", field=models.BooleanField(default=True)),
        migrations.AlterField(
            model_name="payment",
            name="problem",
            field=models.CharField(
                blank=True,
                choices=[
                    ("amount", "Another amount than was asked for"),
                    ("discount", "A discount that the shop did not offer"),
                    ("currency", "Another currency than was asked for"),
                    ("course", "Another course than was asked for"),
                    ("session", "Another checkout than the one opened"),
                    ("unknown", "No checkout of this site"),
                ],
                default="",
                max_length=16,
                verbose_name="problem",
            ),
        ),
    ]
