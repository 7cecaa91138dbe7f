from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("purchases", "0006_mail_queue"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("problem__in", ["", "amount", "discount", "currency", "course", "session", "unknown"])
                ),
                name="payment_problem_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["applied", "noted", "unmatched", "other_mode"])),
                name="payment_event_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchasemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "paid",
                            "pending",
                            "failed",
                            "twice",
                            "partly_refunded",
                            "refunded",
                            "refunded_kept",
                            "disputed",
                            "lost",
                            "won",
                        ],
                    )
                ),
                name="purchase_mail_kind_is_known",
            ),
        ),
    ]
