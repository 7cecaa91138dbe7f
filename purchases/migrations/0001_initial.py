import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_token_to_buy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(default="events", max_length=32, unique=True)),
                ("read_until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "reconciliation",
                "verbose_name_plural": "reconciliations",
            },
        ),
        migrations.CreateModel(
            name="ShopSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tax_note",
                    models.CharField(
                        blank=True,
                        default="Price includes any taxes.",
                        help_text="Stands beside every price. Your law may want a certain sentence here.",
                        max_length=120,
                        verbose_name="note on taxes",
                    ),
                ),
                (
                    "takes_coupons",
                    models.BooleanField(
                        default=True,
                        help_text="Buyers can type a code that you made at Stripe. A code for the whole price makes a course free.",
                        verbose_name="promotion codes",
                    ),
                ),
                (
                    "computes_tax",
                    models.BooleanField(
                        default=False,
                        help_text="Stripe Tax must be switched on in your account first, or nobody can pay.",
                        verbose_name="let Stripe work out the tax",
                    ),
                ),
                (
                    "writes_invoices",
                    models.BooleanField(
                        default=True,
                        help_text="Each order then has an invoice that buyers can open. Stripe charges for them.",
                        verbose_name="let Stripe write invoices",
                    ),
                ),
            ],
            options={
                "verbose_name": "shop",
            },
        ),
        migrations.CreateModel(
            name="CheckoutIntent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("course_key", models.UUIDField(verbose_name="course")),
                ("course_title", models.CharField(max_length=255, verbose_name="course")),
                ("amount", models.PositiveIntegerField(verbose_name="price")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("is_live", models.BooleanField()),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("session", models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ("session_url", models.TextField(blank=True, default="")),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "email",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="checkouts",
                        to="access.email",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="access.emailverificationtoken",
                    ),
                ),
            ],
            options={
                "verbose_name": "checkout",
                "verbose_name_plural": "checkouts",
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "from_email",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="access.email"
                    ),
                ),
                (
                    "to_email",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="access.email"
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="access.emailverificationtoken",
                    ),
                ),
            ],
            options={
                "verbose_name": "move to another address",
                "verbose_name_plural": "moves to another address",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=255, unique=True, verbose_name="reference")),
                ("course_key", models.UUIDField(null=True, verbose_name="course")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended by staff")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("created", "Not paid"),
                            ("pending", "Money on its way"),
                            ("failed", "Failed"),
                            ("paid", "Paid"),
                            ("partly_refunded", "Partly refunded"),
                            ("refunded", "Refunded"),
                            ("disputed", "Disputed"),
                            ("lost", "Dispute lost"),
                            ("won", "Dispute won"),
                        ],
                        default="created",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("amount", models.PositiveIntegerField(default=0, verbose_name="amount")),
                ("refunded", models.PositiveIntegerField(default=0, verbose_name="refunded")),
                ("currency", models.CharField(default="", max_length=3, verbose_name="currency")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid")),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("amount", "Another amount than was asked for"),
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
                ("opens", models.BooleanField(default=False, verbose_name="opens the course")),
                ("is_duplicate", models.BooleanField(default=False, verbose_name="paid twice")),
                (
                    "email",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="payments",
                        to="access.email",
                    ),
                ),
                (
                    "intent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="purchases.checkoutintent",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "permissions": [("refund_payment", "Can refund orders"), ("export_payment", "Can export orders")],
            },
        ),
        migrations.CreateModel(
            name="PaymentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=255, unique=True, verbose_name="number")),
                ("kind", models.CharField(max_length=64, verbose_name="kind")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("body", models.TextField(blank=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "Applied"),
                            ("noted", "Noted: nothing follows from it"),
                            ("unmatched", "Belongs to no checkout of this site"),
                            ("other_mode", "Test money at a live site, or the other way round"),
                        ],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="purchases.payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment event",
                "verbose_name_plural": "payment events",
                "ordering": ["made_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PurchaseMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("paid", "Receipt"),
                            ("pending", "Money on its way"),
                            ("failed", "Payment failed"),
                            ("twice", "Paid twice"),
                            ("partly_refunded", "Part refunded"),
                            ("refunded", "Refunded, course closed"),
                            ("refunded_kept", "Refunded, course kept"),
                            ("disputed", "Disputed, course closed meanwhile"),
                            ("lost", "Dispute decided, course closed"),
                            ("won", "Dispute decided, course open"),
                        ],
                        max_length=16,
                        verbose_name="mail",
                    ),
                ),
                ("amount", models.PositiveIntegerField(default=0)),
                ("copy", models.PositiveSmallIntegerField(default=0)),
                ("queued_at", models.DateTimeField()),
                ("send_after", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("parked_at", models.DateTimeField(blank=True, null=True, verbose_name="given up")),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="purchases.payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "purchase mail",
                "verbose_name_plural": "purchase mails",
                "ordering": ["queued_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("amount", models.PositiveIntegerField(verbose_name="amount")),
                ("reason", models.TextField(verbose_name="reason")),
                ("keeps_access", models.BooleanField(default=False, verbose_name="keeps the course")),
                ("asked_at", models.DateTimeField()),
                ("reference", models.CharField(max_length=255, null=True, unique=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="purchases.payment"
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "ordering": ["asked_at"],
            },
        ),
        migrations.AddIndex(
            model_name="checkoutintent",
            index=models.Index(fields=["closed_at", "created_at"], name="checkout_open_by_age"),
        ),
        migrations.AddConstraint(
            model_name="checkoutintent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None), ("confirmed_at__isnull", False)),
                fields=("email", "course_key"),
                name="one_open_checkout_a_course",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkoutintent",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="checkout_costs_something"),
        ),
        migrations.AddConstraint(
            model_name="checkoutintent",
            constraint=models.CheckConstraint(
                condition=models.Q(("session", None), ("confirmed_at__isnull", False), _connector="OR"),
                name="checkout_opened_only_when_confirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["email", "course_key"], name="payment_by_email_and_course"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "created",
                            "pending",
                            "failed",
                            "paid",
                            "partly_refunded",
                            "refunded",
                            "disputed",
                            "lost",
                            "won",
                        ],
                    )
                ),
                name="payment_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens", False), models.Q(("paid_at__isnull", False), ("problem", "")), _connector="OR"
                ),
                name="payment_opens_only_when_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_duplicate", False), ("opens", True), _connector="OR"),
                name="payment_twice_only_when_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchasemail",
            constraint=models.UniqueConstraint(
                fields=("payment", "kind", "amount", "copy"), name="told_once_about_a_payment"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_is_of_something"),
        ),
    ]
