"""Addresses as they are pasted, and who of them is given the course."""

from datetime import datetime
from uuid import uuid4

import pytest

from access.models import Email, Grant
from purchases.gifts import bulk_gifts
from purchases.models import GiftMail

COURSE = uuid4()


@pytest.mark.parametrize(
    "pasted",
    [
        "Ada@example.org\nb@example.org",
        "b@example.org, ada@example.org",
        "ada@example.org;b@example.org \t ADA@example.org",
    ],
)
def test_addresses_are_read_in_their_order_and_once(db: None, pasted: str) -> None:
    found, wrong = bulk_gifts.read(pasted)

    assert sorted(found) == ["ada@example.org", "b@example.org"]
    assert found[0][0] == pasted[0].lower()
    assert wrong == []


def test_what_is_wrong_is_told_by_its_line(db: None, now: datetime) -> None:
    Email.objects.create(address="eve@example.org", asked_at=now, blocked_at=now)

    found, wrong = bulk_gifts.read("ada@example.org\n\neve@example.org nonsense\neve@example.org")

    assert found == ["ada@example.org", "eve@example.org"]
    assert [each.split(":")[0] for each in wrong] == ["Line 3", "Line 3"]
    assert "nonsense" in wrong[0]
    assert "eve@example.org" in wrong[1]


@pytest.mark.parametrize("pasted", ["", " \n,; \n"])
def test_nothing_at_all_is_told(db: None, pasted: str) -> None:
    found, wrong = bulk_gifts.read(pasted)

    assert (found, len(wrong)) == ([], 1)


@pytest.mark.parametrize(("mistakes", "told"), [(1, 1), (50, 50), (51, 51), (60, 51)])
def test_no_more_than_fifty_mistakes_are_told(db: None, mistakes: int, told: int) -> None:
    wrong = bulk_gifts.read("x\n" * mistakes)[1]

    assert len(wrong) == told
    assert ("more like these" in wrong[-1]) is (mistakes > 50)
    assert mistakes <= 50 or str(mistakes - 50) in wrong[-1]


@pytest.mark.parametrize(("length", "is_cut"), [(60, False), (61, True)])
def test_long_nonsense_is_cut(db: None, length: int, is_cut: bool) -> None:
    (told,) = bulk_gifts.read("x" * length)[1]

    assert ("x" * 61 not in told, "x" * 60 in told, "…" in told) == (True, True, is_cut)


def test_blocked_addresses_are_looked_for_up_to_as_many_as_are_given(db: None, now: datetime) -> None:
    Email.objects.create(address="a0@example.org", asked_at=now, blocked_at=now)
    many = "\n".join(f"a{number}@example.org" for number in range(bulk_gifts.MOST))

    assert len(bulk_gifts.read(many)[1]) == 1
    assert bulk_gifts.read(f"{many}\none-more@example.org")[1] == []


def test_each_is_given_the_course_once_and_mailed(learner_email: Email, now: datetime) -> None:
    def had(address: str, **fields: object) -> Email:
        email = Email.objects.create(address=address, asked_at=now)
        grant = {"email": email, "course_key": COURSE, "source": Grant.Source.PURCHASE, "granted_at": now, **fields}
        Grant.objects.create(**grant)
        return email

    bought, taken = had("bought@example.org"), had("taken@example.org", revoked_at=now)
    elsewhere = had("elsewhere@example.org", course_key=uuid4())
    to = ["ada@example.org", bought.address, taken.address, elsewhere.address, "new@example.org"]

    result = bulk_gifts.give(to, course_key=COURSE, now=now, giver="Bob", note="Enjoy")

    assert result.had_it == [bought]
    assert [email.address for email in result.to] == [
        "ada@example.org",
        "taken@example.org",
        "elsewhere@example.org",
        "new@example.org",
    ]
    mails = GiftMail.objects.order_by("pk").values_list("grant__email__address", "giver", "note", "queued_at")
    assert list(mails) == [(email.address, "Bob", "Enjoy", now) for email in result.to]
    assert Grant.objects.filter(course_key=COURSE, source=Grant.Source.GIFT, granted_at=now).count() == 4
