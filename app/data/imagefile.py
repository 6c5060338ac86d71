"""One image file: how large it is, and its pixels as a viewer shows them, in grey or in colour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from app.data.errors import DataError, OtherSize

if TYPE_CHECKING:
    from PIL.Image import Image

    from app.data.dataset import Bytes

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")  # by content: names are often not true
SMALLEST, LARGEST = 8, 512  # pixels, high and wide
MOST_PIXELS = 2**26  # of an image that is brought to another size: cameras make fewer
RESIZE = f"set data.resize (--resize) to a size from {SMALLEST} to {LARGEST}, for all of them"
GREY = ("1", "L", "LA")
DEEP = "I;16"  # Pillow's names of greys of 16 bits begin so
TWELVE, SIXTEEN = 2**12 - 1, 2**16 - 1  # the largest value of so many bits

Shape = tuple[int, int, int]  # channels, height, width
T = TypeVar("T")


def shape_of(file: Path, resize: int | None = None) -> Shape:
    """(channels, height, width): one channel where it is grey, else three; reads the header alone.

    ``resize``: the height and width that it is to be brought to; None: its own.

    Raises:
        OtherSize: it is too large to be used as it is.
        DataError: it can't be read as an image.
    """
    return _read(file, lambda image: _shape(file, image, resize))


def check(file: Path, found: Shape, shape: Shape) -> None:
    """See that an image's shape, ``found``, is that of the first.

    Raises:
        OtherSize: it has another size.
        DataError: one is grey, and the other in colour.
    """
    if found == shape:
        return
    problem = f"{file} has {_words(found)}, and the first image {_words(shape)}"
    if found[1:] != shape[1:]:
        raise OtherSize(problem, f"all must have one size: {RESIZE}")
    raise DataError(problem, "all must be grey, or all in colour")


def pixels_of(
    file: Path, shape: Shape, white: Callable[[], int], resize: int | None = None
) -> Bytes:
    """The pixels, (channels, height, width): turned as EXIF says, and laid over white.

    With ``resize`` the largest square in the middle is brought to so many pixels each way.
    ``white`` is asked for the value of white where the image has greys of 16 bits.

    Raises:
        DataError: it can't be read as an image, or has another shape.
    """

    def pixels(image: Image) -> Bytes:
        check(file, _shape(file, image, resize), shape)  # before a large one is decoded
        found = _pixels(image, white, resize)
        check(file, cast("Shape", found.shape), shape)  # headers may be wrong
        return found

    return _read(file, pixels)


def brightest(file: Path) -> int:
    """The largest value of an image in greys of 16 bits; 0 of every other image.

    Raises:
        DataError: it can't be read as an image.
    """
    import numpy as np

    return _read(
        file, lambda image: int(np.asarray(image).max()) if image.mode.startswith(DEEP) else 0
    )


def _read(file: Path, look: Callable[[Image], T]) -> T:
    """What ``look`` finds in an image; whatever goes wrong in a decoder is said in words."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file, formats=FORMATS) as image:
            return look(image)
    except DataError:
        raise
    except UnidentifiedImageError as error:
        raise _unreadable(file, "it is not a complete PNG or JPEG") from error
    except Image.DecompressionBombError as error:
        raise _too_large(file, "far too many") from error
    except OSError as error:
        raise _unreadable(file, (error.strerror or str(error)).lower()) from error
    except Exception as error:  # an edge: decoders raise anything over a broken file
        raise _unreadable(file, str(error) or type(error).__name__) from error


def _unreadable(file: Path, why: str) -> DataError:
    return DataError(f"{file} can't be read as an image ({why})", "replace or delete it")


def _too_large(file: Path, size: str) -> DataError:
    return DataError(
        f"{file} has {size} pixels", f"at most {MOST_PIXELS / 1e6:.0f} million can be read"
    )


def _shape(file: Path, image: Image, resize: int | None) -> Shape:
    from PIL.ExifTags import Base

    channels = 1 if image.mode in GREY or image.mode.startswith(DEEP) else 3
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _too_large(file, f"{width}x{height}")
    if resize is not None:
        return channels, resize, resize
    if image.getexif().get(Base.Orientation) in (5, 6, 7, 8):  # it lies on its side
        width, height = height, width
    if max(width, height) > LARGEST:
        raise OtherSize(
            f"{file} has {width}x{height} pixels",
            f"at most {LARGEST}x{LARGEST} can be used as they are: {RESIZE}",
        )
    return channels, height, width


def _pixels(image: Image, white: Callable[[], int], resize: int | None) -> Bytes:
    import numpy as np
    from PIL import ImageOps
    from PIL.Image import Resampling, alpha_composite, fromarray, new

    turned = ImageOps.exif_transpose(image)
    mode = "L" if turned.mode in GREY else "RGB"
    if turned.mode.startswith(DEEP):
        turned, mode = fromarray(_greys(turned, white())), "L"
    elif turned.has_transparency_data:
        paper = new("RGBA", turned.size, "white")
        turned = alpha_composite(paper, turned.convert("RGBA"))
    shown = turned.convert(mode)
    if resize is not None:
        shown = ImageOps.fit(shown, (resize, resize), Resampling.BILINEAR)
    pixels = np.asarray(shown)
    return pixels[None] if mode == "L" else pixels.transpose(2, 0, 1)


def _greys(image: Image, white: int) -> Bytes:
    """Greys of 16 bits as bytes, (height, width), rounded, so that ``white`` is 255."""
    import numpy as np

    values = np.asarray(image).astype(np.uint32)
    transparent = image.info.get("transparency")
    if transparent is not None:  # one grey stands for it
        values[values == transparent] = white
    scaled: Bytes = ((values * 510 + white) // (2 * white)).astype(np.uint8)
    return scaled


def _words(shape: Shape) -> str:
    return f"{shape[2]}x{shape[1]} pixels {'in grey' if shape[0] == 1 else 'in colour'}"
