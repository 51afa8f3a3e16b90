"""What a file is, by its first bytes: never by its name, which anybody may choose."""

from dataclasses import dataclass
from typing import Final, Literal

HEAD: Final = 64 * 1024
"""Bytes that are enough to tell."""

Sort = Literal["image", "pdf", "office", "text", "media", "other"]


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of content: its media type and the ending that a name should have."""

    mime: str
    ending: str
    sort: Sort

    @property
    def accepted(self) -> bool:
        """Whether people may send it by the web: pictures, PDF, office documents and plain text."""
        return self.sort in ("image", "pdf", "office", "text")


UNKNOWN: Final = FileType("application/octet-stream", "bin", "other")
_TEXT: Final = FileType("text/plain", "txt", "text")
_OPENXML: Final = "application/vnd.openxmlformats-officedocument"
_SIGNATURES: Final = (
    (0, b"\xff\xd8\xff", FileType("image/jpeg", "jpg", "image")),
    (0, b"\x89PNG\r\n\x1a\n", FileType("image/png", "png", "image")),
    (0, b"GIF87a", FileType("image/gif", "gif", "image")),
    (0, b"GIF89a", FileType("image/gif", "gif", "image")),
    (8, b"WEBP", FileType("image/webp", "webp", "image")),
    (4, b"ftypheic", FileType("image/heic", "heic", "image")),
    (4, b"ftypmif1", FileType("image/heic", "heic", "image")),
    (0, b"%PDF-", FileType("application/pdf", "pdf", "pdf")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType("application/x-ole-storage", "doc", "office")),
    (4, b"ftyp", FileType("video/mp4", "mp4", "media")),
    (0, b"\x1a\x45\xdf\xa3", FileType("video/webm", "webm", "media")),
    (0, b"OggS", FileType("audio/ogg", "ogg", "media")),
    (0, b"ID3", FileType("audio/mpeg", "mp3", "media")),
    (0, b"\xff\xfb", FileType("audio/mpeg", "mp3", "media")),
)
_ARCHIVED: Final = (
    # Office documents are ZIP archives; what is inside says which.
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", "odt"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        "ods",
    ),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.presentation",
        "odp",
    ),
    (b"word/", f"{_OPENXML}.wordprocessingml.document", "docx"),
    (b"xl/", f"{_OPENXML}.spreadsheetml.sheet", "xlsx"),
    (b"ppt/", f"{_OPENXML}.presentationml.presentation", "pptx"),
)


def file_type(head: bytes) -> FileType:
    """The type of a file that begins with `head` (its first `HEAD` bytes, or all of it)."""
    for offset, mark, found in _SIGNATURES:
        if head.startswith(mark, offset):
            return found
    if head.startswith(b"PK\x03\x04"):
        return next((FileType(mime, end, "office") for mark, mime, end in _ARCHIVED if mark in head), UNKNOWN)
    return _TEXT if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    """Readable characters alone. What would run or be drawn in a browser is served as a file to keep."""
    for cut in range(4):  # the last character may be cut in two
        try:
            text = head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        return all(character.isprintable() or character in "\t\n\r\f" for character in text) and text != ""
    return False


def safe_name(name: str | None, found: FileType, *, otherwise: str) -> str:
    """A name for the file, without path and controls, with the ending that its content calls for."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(character for character in last if character.isprintable() and character not in '"<>:|?*')
    stem, dot, ending = kept.strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    same = ending.lower() == found.ending or (found in (UNKNOWN, _TEXT) and ending != "")
    same = same or (found.ending, ending.lower()) in _SAME_ENDINGS
    if not same:
        stem, ending = (f"{stem}.{ending}" if ending else stem), found.ending
    return f"{stem[:120] or otherwise}.{ending[:10]}"


_SAME_ENDINGS: Final = frozenset(
    {("jpg", "jpeg"), ("heic", "heif"), ("doc", "xls"), ("doc", "ppt"), ("mp4", "mov"), ("mp4", "m4a")}
    | {("mp4", "m4v"), ("ogg", "oga"), ("ogg", "opus")}
)
