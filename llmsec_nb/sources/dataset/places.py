"""Where bytes come from: local files, addresses that fsspec opens, compressed or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Self, cast
from urllib.parse import urlsplit, urlunsplit

from .problems import DatasetError, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPRESSED: Final = frozenset({".gz", ".bz2", ".xz", ".zst"})
CHUNK: Final = 1 << 20

_PIECE: Final = 1 << 16

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}(?:::|://)")


class Place(NamedTuple):
    """One file: how to open it and what to call it. `fs` is a file system of fsspec.

    `is_value` says whether one of the names of columns is a value in truth.
    """

    path: str
    shown: str
    fs: Any = None
    is_value: Callable[[Sequence[str]], bool] | None = None

    @property
    def suffix(self) -> str:
        """What it holds, by its name: that of `a.csv.gz` is `.csv`."""
        name = PurePosixPath(self.path.replace("\\", "/").lower())
        return PurePosixPath(name.stem).suffix if name.suffix in COMPRESSED else name.suffix

    @property
    def compression(self) -> str:
        """The suffix of its compression, empty if it has none."""
        suffix = PurePosixPath(self.path.lower()).suffix
        return suffix if suffix in COMPRESSED else ""

    def open(self) -> IO[bytes]:
        """The bytes of the file as they are stored. Raises OSError."""
        if self.fs is None:
            return Path(self.path).open("rb")
        return cast("IO[bytes]", self.fs.open(self.path, "rb"))

    def unpacked(self) -> IO[bytes]:
        """The bytes without their compression. Raises OSError."""
        return _unpacked(self.open(), self.compression)

    def chunks(self, problems: Problems) -> Iterator[bytes]:
        """The unpacked bytes; damage ends them and is stated."""
        import lzma
        import zlib

        done = 0
        try:
            with self.unpacked() as stream:
                read = getattr(stream, "read1", stream.read)
                while data := read(CHUNK):
                    yield data
                    done += len(data)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            why = getattr(error, "strerror", None) or "the file is damaged or cut off"
            problems.state(f"{why}: nothing was read after byte {done} of its content")

    def head(self, size: int) -> bytes:
        """The first unpacked bytes, fewer where it ends. Raises DatasetError, OSError."""
        self.open().close()  # what `chunks` would only state is to be raised
        problems = Problems(self.shown)
        parts: list[bytes] = []
        missing = size
        for chunk in self.chunks(problems):
            parts.append(chunk)
            missing -= len(chunk)
            if missing <= 0:
                break
        if not parts and (failures := problems.failures()):
            raise DatasetError(f"{self.shown}: {failures[0].message}")
        return b"".join(parts)[:size]


def is_url(source: str) -> bool:
    """Whether it names something for fsspec, such as `s3://` or `memory://`."""
    return _URL.match(source) is not None and not source.startswith("file://")


def shown_url(url: str) -> str:
    """The address without a password, key or signature in it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def remote(url: str) -> tuple[Any, str]:
    """The file system and the path of an address. Raises DatasetError."""
    name = shown_url(url)
    try:
        import fsspec
    except ImportError as error:
        raise DatasetError(
            f"{name}: addresses are read by fsspec, which is not installed: "
            "pip install 'llmsec-nb[remote]'"
        ) from error
    try:
        fs, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        reason = str(error).splitlines()[0] if str(error) else "a package is missing"
        raise DatasetError(f"{name}: fsspec cannot open it: {reason}") from error
    except (ValueError, OSError) as error:
        raise DatasetError(f"{name}: no address that fsspec knows") from error
    return fs, str(path)


def _unpacked(raw: IO[bytes], compression: str) -> IO[bytes]:
    import bz2
    import gzip
    import lzma

    if compression == ".gz":
        return _owning(gzip.GzipFile(fileobj=raw), raw)
    if compression == ".bz2":
        return _owning(bz2.BZ2File(raw), raw)
    if compression == ".xz":
        return _owning(lzma.LZMAFile(raw), raw)
    if compression == ".zst":
        import pyarrow as pa

        return _owning(pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"), raw)
    return raw


class _Owner:
    """A stream that closes the one below it, too."""

    def __init__(self, stream: Any, raw: IO[bytes]) -> None:
        self.raw = raw
        self.stream = stream
        # What one call reads is lost when it meets damage, so each reads little.
        self._read = getattr(stream, "read1", stream.read)

    def read(self, size: int) -> bytes:
        return cast("bytes", self._read(min(size, _PIECE)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.stream.close()
        self.raw.close()


def _owning(stream: Any, raw: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", _Owner(stream, raw))
