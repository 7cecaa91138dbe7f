"""What the shop's owner decides without a developer."""

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

    panels = [
        MultiFieldPanel([FieldPanel("tax_note"), FieldPanel("takes_coupons")], heading=_("Checkout")),
        MultiFieldPanel([FieldPanel("computes_tax"), FieldPanel("writes_invoices")], heading=_("Tax and invoices")),
    ]

    class Meta:
        verbose_name = _("shop")

    @classmethod
    def current(cls) -> "ShopSettings":
        """As they are, without storing them: visitors ask too, and their looking writes nothing."""
        return cls.objects.first() or cls()
