"""Arrays come back as they were written, or not at all."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge import npz

ARRAYS: dict[str, npz.Array] = {
    "half": np.arange(6, dtype=np.float16).reshape(2, 3),
    "letters": np.frombuffer("né".encode(), np.uint8),
    "turned": np.arange(6, dtype=np.int32).reshape(2, 3).T,
    "none": np.empty((0, 4), np.float32),
}


def written(folder: Path, arrays: dict[str, npz.Array]) -> Path:
    path = folder / "some.npz"
    with path.open("wb") as file:
        npz.write(file, arrays)
    return path


def read(path: Path) -> dict[str, npz.Array]:
    with path.open("rb") as file:
        return npz.read(file)


def test_arrays_come_back_and_numpy_reads_them_too(tmp_path: Path) -> None:
    path = written(tmp_path, ARRAYS)
    found = read(path)
    path.unlink()
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
        assert found[name].ctypes.data % 64 == 0, "where processors like to read"
    with np.load(written(tmp_path, ARRAYS), allow_pickle=False) as theirs:
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(theirs[name], array)


def test_what_numpy_wrote_is_read(tmp_path: Path) -> None:
    given: dict[str, Any] = ARRAYS
    np.savez(tmp_path / "theirs.npz", **given)
    found = read(tmp_path / "theirs.npz")
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)


def test_a_bit_that_flipped_in_any_of_them_is_seen(tmp_path: Path) -> None:
    path = written(tmp_path, ARRAYS)
    whole = path.read_bytes()
    for array in ARRAYS.values():
        if array.size:
            at = whole.index(np.ascontiguousarray(array).tobytes())
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(ValueError, match="not as it was written"):
                read(path)


def test_a_file_that_was_cut_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, ARRAYS)
    whole = path.read_bytes()
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        with pytest.raises((ValueError, zipfile.BadZipFile)):
            read(path)


def test_packed_arrays_and_objects_are_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "packed.npz", a=np.arange(100))
    np.savez(tmp_path / "objects.npz", a=np.array([{"a": 1}], object))
    for name in ("packed.npz", "objects.npz"):
        with pytest.raises(ValueError, match=r"\S"):
            read(tmp_path / name)
    with pytest.raises(ValueError, match="Object arrays"):
        written(tmp_path, {"a": np.array([{"a": 1}], object)})
