"""Shop settings: what the shop's owner decides without a developer."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="tag", order=310)
class ShopSettings(BaseGenericSetting):
    tax_note = models.CharField(
        _("note on taxes"),
        max_length=120,
        blank=True,
        default="Price includes any taxes.",
        help_text=_("Shown next to every price. Some countries require specific wording."),
    )
    takes_coupons = models.BooleanField(
        _("promotion codes"),
        default=True,
        help_text=_("Buyers can enter a code you created in Stripe. A 100% code makes a course free."),
    )
    computes_tax = models.BooleanField(
        _("calculate tax with Stripe"),
        default=False,
        help_text=_("Turn on Stripe Tax in your Stripe account first, or no one can pay."),
    )
    writes_invoices = models.BooleanField(
        _("create invoices with Stripe"),
        default=True,
        help_text=_("Each order then gets an invoice that buyers can open. Stripe charges for invoices."),
    )

    seller_name = models.CharField(
        _("seller’s name"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("The person or company that sells the courses. Shown on orders and in emails about them."),
    )
    seller_address = models.TextField(
        _("postal address"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Shown below the name, line by line."),
    )
    contact_email = models.EmailField(
        _("contact email"),
        blank=True,
        default="",
        help_text=_("Shown on orders and in emails about them. Buyers’ replies go to this address."),
    )
    tax_number = models.CharField(
        _("tax or VAT number"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("Leave empty if you don’t have to show one."),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("seller_name"),
                FieldPanel("seller_address", widget=forms.Textarea(attrs={"rows": 4})),
                FieldPanel("contact_email"),
                FieldPanel("tax_number"),
            ],
            heading=_("Seller"),
        ),
        MultiFieldPanel([FieldPanel("tax_note"), FieldPanel("takes_coupons")], heading=_("Checkout")),
        MultiFieldPanel([FieldPanel("computes_tax"), FieldPanel("writes_invoices")], heading=_("Tax and invoices")),
    ]

    class Meta:
        verbose_name = _("shop")

    @classmethod
    def current(cls) -> "ShopSettings":
        """As they are, without storing them: visitors ask too, and their looking writes nothing."""
        return cls.objects.first() or cls()

    @property
    def is_seller_named(self) -> bool:
        """Whether buyers learn from whom they bought, and whom to ask."""
        return bool(self.seller_name and self.contact_email)

    @property
    def seller_lines(self) -> list[str]:
        """The name and the address as they are written on an envelope, without empty lines."""
        lines = [self.seller_name, *self.seller_address.splitlines()]
        return [line.strip() for line in lines if line.strip()]
