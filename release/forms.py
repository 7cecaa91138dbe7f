"""What those who want to be told type: their address."""

from access.forms import AddressField, LearnersForm


class NotifyForm(LearnersForm):
    email = AddressField()
