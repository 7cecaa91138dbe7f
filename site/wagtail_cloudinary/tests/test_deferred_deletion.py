"""Deferred deletion: files that the provider did not delete when asked, and those whose row was never saved."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.documents import get_document_model

from stand_ins.cloudinary.server import Cloudinary
from wagtail_cloudinary import deferred_deletion, pre_upload
from wagtail_cloudinary.errors import ProviderError
from wagtail_cloudinary.models import DroppedFile
from wagtail_cloudinary.storage import CloudinaryStorage
from wagtail_cloudinary.tests.conftest import FILM, file, picture

pytestmark = pytest.mark.django_db
FILES = {"pictures/3f.png": picture(), "films/9a.mp4": FILM, "papers/b1.pdf": b"%PDF-1.4 paper"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def field(private: CloudinaryStorage, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The field of the site's documents, on Cloudinary."""
    found: Any = get_document_model()._meta.get_field("file")
    monkeypatch.setattr(found, "storage", private)
    return found


def drop(storage: CloudinaryStorage, cloudinary: Cloudinary, *names: str) -> None:
    """Store these files, and have the provider away when they are deleted."""
    for name in names:
        storage.save(name, file(FILES.get(name, b"paper")))
    cloudinary.fault = "500"
    for name in names:
        storage.delete(name)
    cloudinary.fault = ""


@pytest.mark.parametrize("fault", ["down", "slow", "refuse", "nonsense", "500"])
@pytest.mark.parametrize("delivery", ["upload", "authenticated"])
def test_what_is_not_deleted_is_a_row_and_is_deleted_later(cloudinary: Cloudinary, delivery: str, fault: Any) -> None:
    storage = CloudinaryStorage(delivery=delivery)
    for name, content in FILES.items():
        storage.save(name, file(content))
    cloudinary.fault = fault
    for name in FILES:
        storage.delete(name)
    cloudinary.fault = ""
    assert len(cloudinary.shelf) == 3
    assert {(row.name, row.delivery) for row in DroppedFile.objects.all()} == {(name, delivery) for name in FILES}

    settled = deferred_deletion.delete_due(now=timezone.now())

    assert settled == 3
    assert not len(cloudinary.shelf)
    assert not DroppedFile.objects.exists()


def test_deleting_twice_is_one_row(cloudinary: Cloudinary, private: CloudinaryStorage) -> None:
    drop(private, cloudinary, "papers/b1.pdf")
    cloudinary.fault = "500"

    private.delete("papers/b1.pdf")

    assert DroppedFile.objects.count() == 1


def test_a_provider_that_is_still_away_is_asked_once_a_round(
    cloudinary: Cloudinary, private: CloudinaryStorage
) -> None:
    drop(private, cloudinary, *FILES)
    cloudinary.fault = "500"
    asked = len(cloudinary.requests)
    began = timezone.now()

    assert deferred_deletion.delete_due(now=began) == 0
    assert len(cloudinary.requests) == asked  # the fault answers before anything is noted
    assert DroppedFile.objects.filter(due_at=began + deferred_deletion.TRY_AGAIN).count() == 1
    cloudinary.fault = ""
    assert deferred_deletion.delete_due(now=began) == 2  # the others go first
    assert deferred_deletion.delete_due(now=began + deferred_deletion.TRY_AGAIN) == 1
    assert not len(cloudinary.shelf)


def test_a_round_is_bounded(
    cloudinary: Cloudinary, private: CloudinaryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deferred_deletion, "MOST_A_ROUND", 2)
    drop(private, cloudinary, *FILES)

    rounds = [deferred_deletion.delete_due(now=timezone.now()) for _round in range(3)]

    assert rounds == [2, 1, 0]


@pytest.mark.usefixtures("cloudinary")
def test_a_round_with_nothing_to_do_asks_nobody(cloudinary: Cloudinary, now: datetime) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert deferred_deletion.delete_due(now=now) == 0

    assert len(queries) == 1
    assert cloudinary.requests == []


def test_without_an_account_nothing_happens(
    cloudinary: Cloudinary, private: CloudinaryStorage, settings: Any, now: datetime
) -> None:
    drop(private, cloudinary, "papers/b1.pdf")
    settings.CLOUDINARY_URL = ""

    assert deferred_deletion.delete_due(now=timezone.now()) == 0
    assert DroppedFile.objects.count() == 1


def test_what_a_row_names_is_kept(cloudinary: Cloudinary, private: CloudinaryStorage, field: Any) -> None:
    paper = get_document_model().objects.create(title="A paper", file=ContentFile(b"paper", "b1.pdf"))
    deferred_deletion.drop(private, paper.file.name)

    settled = deferred_deletion.delete_due(now=timezone.now())

    assert settled == 1
    assert private.exists(paper.file.name)
    assert not DroppedFile.objects.exists()


def uploaded(field: Any) -> pre_upload.Upload:
    return pre_upload.upload(get_document_model()(title="A paper", file=ContentFile(b"paper", "b1.pdf")).file)


def test_what_is_uploaded_and_never_saved_is_deleted(
    cloudinary: Cloudinary, private: CloudinaryStorage, field: Any
) -> None:
    uploaded(field)

    assert deferred_deletion.delete_due(now=timezone.now()) == 0  # the form may be saved yet
    assert len(cloudinary.shelf) == 1
    assert deferred_deletion.delete_due(now=timezone.now() + deferred_deletion.UNSAVED) == 1
    assert not len(cloudinary.shelf)


def test_what_is_uploaded_and_saved_is_kept(cloudinary: Cloudinary, field: Any) -> None:
    paper = get_document_model()(title="A paper", file=ContentFile(b"paper", "b1.pdf"))
    pre_upload.upload(paper.file)
    paper.save()

    deferred_deletion.delete_due(now=timezone.now() + deferred_deletion.UNSAVED)

    assert len(cloudinary.shelf) == 1
    assert not DroppedFile.objects.exists()


def test_what_arrives_after_it_was_given_up_is_deleted(cloudinary: Cloudinary, field: Any) -> None:
    cloudinary.fault, cloudinary.slow_seconds = "slow", 1.0
    with pytest.raises(ProviderError):
        uploaded(field)
    cloudinary.fault = ""
    cloudinary.ended.wait(1.5)
    assert len(cloudinary.shelf) == 1

    deferred_deletion.delete_due(now=timezone.now() + deferred_deletion.UNSAVED + timedelta(seconds=1))

    assert not len(cloudinary.shelf)


def test_what_is_taken_back_while_the_provider_is_away_is_due_at_once(cloudinary: Cloudinary, field: Any) -> None:
    upload = uploaded(field)
    cloudinary.fault = "refuse"

    upload.take_back()
    cloudinary.fault = ""

    assert deferred_deletion.delete_due(now=timezone.now()) == 1
    assert not len(cloudinary.shelf)
