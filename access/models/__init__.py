"""What the gate stores: addresses, verifications, sessions, grants, used-up tries; and what its pages must say."""

from access.models.emails import Email
from access.models.grants import Grant
from access.models.pages import OpenPageMixin, RestrictedPageMixin
from access.models.sessions import LearnerSession
from access.models.settings import GateSettings
from access.models.staff_mails import PasswordResetMail
from access.models.throttles import ThrottleSlot
from access.models.tokens import EmailVerificationToken

__all__ = [
    "Email",
    "EmailVerificationToken",
    "GateSettings",
    "Grant",
    "LearnerSession",
    "OpenPageMixin",
    "PasswordResetMail",
    "RestrictedPageMixin",
    "ThrottleSlot",
]
