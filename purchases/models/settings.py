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
        help_text=_("Stands beside every price. Your law may want a certain sentence here."),
    )
    takes_coupons = models.BooleanField(
        _("promotion codes"),
        default=True,
        help_text=_("Buyers can type a code that you made at Stripe. A code for the whole price makes a course free."),
    )
    computes_tax = models.BooleanField(
        _("let Stripe work out the tax"),
        default=False,
        help_text=_("Stripe Tax must be switched on in your account first, or nobody can pay."),
    )
    writes_invoices = models.BooleanField(
        _("let Stripe write invoices"),
        default=True,
        help_text=_("Each order then has an invoice that buyers can open. Stripe charges for them."),
    )

    panels = [
        MultiFieldPanel([FieldPanel("tax_note"), FieldPanel("takes_coupons")], heading=_("At the till")),
        MultiFieldPanel([FieldPanel("computes_tax"), FieldPanel("writes_invoices")], heading=_("Papers")),
    ]

    class Meta:
        verbose_name = _("shop")

    @classmethod
    def current(cls) -> "ShopSettings":
        """As they are, without storing them: visitors ask too, and their looking writes nothing."""
        return cls.objects.first() or cls()
