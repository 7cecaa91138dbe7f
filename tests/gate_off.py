"""The locks that can be taken off, each for the refusal tests that are about it: a test that stays green without its
lock proves nothing."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from access import addresses, policy, secrets, throttle, verification
from access.models import tokens
from access.policy import Decision


def _no_policy(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(policy, "decide", lambda restriction, visitor: Decision.ALLOW)


def _no_token_rules(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(verification, "_refuse_dead", lambda token, *, now: None)
    patch.setattr(verification, "_refuse_stranger", lambda token, *, typed, now: None)
    patch.setattr(verification, "_use_a_try", lambda token, *, now: None)
    patch.setattr(tokens.EmailVerificationTokenQuerySet, "usable", lambda self, now: self.all())
    patch.setattr(secrets, "is_code", lambda code, *, owner, digest: True)


def _no_limits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(throttle, "take", lambda rule, key, *, limits, now: None)


def _no_canonical_form(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(addresses, "canonical", lambda typed: typed.strip().lower())


LOCKS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "policy": _no_policy,
    "token": _no_token_rules,
    "throttle": _no_limits,
    "address": _no_canonical_form,
}


def apply(request: Any, patch: pytest.MonkeyPatch) -> None:
    marker = request.node.get_closest_marker("refusal")
    if marker and os.environ.get("GATE_OFF"):
        LOCKS[marker.args[0]](patch)
