"""Text: from the bytes of a file to lines in UTF-8."""

import codecs
import gzip
import zlib
from pathlib import Path

from helpers.daily_csv.words import DataError

LARGEST_FILE = 100_000_000  # bytes, unpacked: a century of 300 columns; a small .gz may unpack to far more
SIGNATURES = {
    b"PK\x03\x04": "an Excel workbook (or another ZIP archive)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}


def read(file: Path, report: list[str]) -> bytes:
    """Return the text as UTF-8 without byte order mark, every line but the last ended by a line feed alone.

    Raises a DataError if there is no such file, or if it is no text.
    """
    raw = _content(file)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
        report.append("The text is UTF-16, which Excel calls Unicode text.")
    if b"\0" in raw:
        raise DataError("this is a binary file, no text; export the record as CSV")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw or raw.isspace():
        raise DataError("the file is empty; export or download it again")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.append(
            f"The text is not UTF-8 (line {line}); it was read as Windows-1252, of which latin-1 is a part. "
            "Look at the names of the columns."
        )
        raw = raw.decode("cp1252", errors="replace").encode()
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")


def _content(file: Path) -> bytes:
    """Return the file's bytes, unpacked, or say why they are no text."""
    if file.is_dir():
        raise DataError("this is a folder; give the path of the CSV file in it")
    try:
        if not file.is_file():
            raise DataError(f"there is no such file in {file.absolute().parent}; check the spelling and the folder")
        with file.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            raw = bytearray()
            while len(raw) <= LARGEST_FILE and (piece := stream.read(65_536)):
                raw += piece
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"the file cannot be read ({error}); get a new copy of it") from None
    if len(raw) > LARGEST_FILE:
        raise DataError(f"more than {LARGEST_FILE:,} bytes are no daily record; keep the columns that you need")
    for signature, kind in SIGNATURES.items():
        if raw.startswith(signature):
            raise DataError(f"this is {kind}; open it and save it as 'CSV UTF-8', then give that file")
    return bytes(raw)
