"""Files of arrays in numpy's npz format, read where they lie: nothing is copied, and processes share them.

Reading a hundred megabytes into memory of one's own is a fifth of a start. Each array begins at a multiple of
64 bytes, as numpy asks for; `numpy.load` reads such a file as any other.
"""

import io
import mmap
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_ALIGNED = 64
_LOCAL_HEADER = 30
"""Bytes of the header of a member before its name and what was added: their lengths are the last four."""
_ADDED_HEADER = 4
_PADDING = 0x5041
"""An identifier for added bytes that nobody reads."""
_MOST_HEADER = 1024
"""Bytes of the description of an array; those of plain arrays have 128."""


def write(file: IO[bytes], arrays: Mapping[str, Array]) -> None:
    """Plain arrays; never objects."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")
            member.extra = _padding(file.tell() + _LOCAL_HEADER + len(member.filename.encode()))
            with archive.open(member, "w") as stream:
                np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)


def read(file: IO[bytes]) -> dict[str, Array]:
    """The arrays, not to be written to; they outlast the file's name, but not a change of its bytes.

    Raises ValueError or zipfile.BadZipFile unless each is there byte for byte.
    """
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return {member.filename.removesuffix(".npy"): _array(_bytes(data, member)) for member in members}


def _padding(start: int) -> bytes:
    size = -(start + _ADDED_HEADER) % _ALIGNED
    return _PADDING.to_bytes(2, "little") + size.to_bytes(2, "little") + bytes(size)


def _bytes(data: memoryview, member: zipfile.ZipInfo) -> memoryview:
    header = data[member.header_offset :][:_LOCAL_HEADER]
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    found = data[member.header_offset + _LOCAL_HEADER + lengths :][: member.file_size]
    if member.compress_type != zipfile.ZIP_STORED or zlib.crc32(found) != member.CRC:
        raise ValueError(f"{member.filename}: not as it was written")
    return found


def _array(data: memoryview) -> Array:
    header = io.BytesIO(data[:_MOST_HEADER])
    if np.lib.format.read_magic(header) != (1, 0):
        raise ValueError("another version of the format")
    shape, fortran, kind = np.lib.format.read_array_header_1_0(header)
    if kind.hasobject:
        raise ValueError("objects are not read")
    return np.ndarray(shape, kind, data, header.tell(), order="F" if fortran else "C")
