"""The form of the waitlist: an email address."""

from access.forms import AddressField, LearnersForm


class NotifyForm(LearnersForm):
    email = AddressField()
