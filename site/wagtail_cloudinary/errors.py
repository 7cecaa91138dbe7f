"""Errors of Cloudinary, as one exception with a sentence for people."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.functional import Promise


class ProviderError(OSError):
    """Cloudinary is down, slow, refuses or answers nonsense. The sentence is fit to be shown; the cause is chained.

    An OSError, because that is what Wagtail and Django expect of a storage that fails.
    """


@contextmanager
def provider(sentence: str | Promise) -> Iterator[None]:
    """Turn whatever the SDK raises in this block into a ProviderError that says `sentence`.

    The SDK raises bare Exception and TypeError for answers it did not expect, so nothing narrower would do. The
    frames of the cause hold the account's secret and are dropped, so that no error report can show them.
    """
    try:
        yield
    except (ProviderError, FileNotFoundError):
        raise
    except Exception as cause:
        raise ProviderError(str(sentence)) from without_frames(cause)


def without_frames[E: BaseException](error: E) -> E:
    """The same failure, and those behind it, without the frames in which they happened."""
    behind: BaseException | None = error
    while behind is not None:
        behind.__traceback__ = None
        behind = behind.__cause__ or behind.__context__
    return error
