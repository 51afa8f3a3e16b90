"""The register of faults and the tests agree: each number has a test that shows it, or a reason why not."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
REGISTER = (TESTS / "durability" / "FAULTS.md").read_text(encoding="utf-8")
NUMBERS = range(1, 79)
REASON = "Cannot apply: "


@cache
def register() -> dict[int, str]:
    """What stands under each number, in the order of the page."""
    parts = re.split(r"^\*\*(\d+)\. ", REGISTER, flags=re.MULTILINE)
    return {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def named(text: str) -> list[str]:
    """The tests that stand under a number."""
    return re.findall(r"^- `(\S+::\S+)`$", text, re.MULTILINE)


@cache
def marked() -> dict[str, set[object]]:
    """Each test of the suite with the numbers that it bears."""
    found: dict[str, set[object]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_all = {number for one in tree.body if isinstance(one, ast.Assign) for number in _numbers(one)}
        for test in tree.body:
            if isinstance(test, (ast.FunctionDef, ast.AsyncFunctionDef)) and test.name.startswith("test_"):
                numbers = {number for decorator in test.decorator_list for number in _numbers(decorator)}
                found[f"{path.relative_to(TESTS).as_posix()}::{test.name}"] = of_all | numbers
    return found


def _numbers(tree: ast.AST) -> Iterator[object]:
    """The arguments of every `fault(…)` within; what is not written out as a number is None."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fault":
            yield from (one.value if isinstance(one, ast.Constant) else None for one in node.args)


def test_the_register_holds_each_number_once_and_in_order() -> None:
    assert re.findall(r"^\*\*(\d+)\. ", REGISTER, re.MULTILINE) == [str(number) for number in NUMBERS]


def test_each_fault_has_a_test_or_a_reason_why_it_cannot_apply() -> None:
    problems = [
        f"{number}: {'a reason and tests' if named(text) else 'neither a test nor a reason'}"
        for number, text in register().items()
        if bool(named(text)) is (REASON in text)
    ]
    assert problems == []


def test_each_test_that_the_register_names_exists_and_bears_its_number() -> None:
    problems = [
        f"{number}: {name} " + ("bears another number" if name in marked() else "does not exist")
        for number, text in register().items()
        for name in named(text)
        if number not in marked().get(name, set())
    ]
    assert problems == []


def test_each_mark_has_a_number_of_the_register() -> None:
    unknown = {name: numbers - set(NUMBERS) for name, numbers in marked().items() if numbers - set(NUMBERS)}
    assert unknown == {}


def test_each_fault_says_what_happens_before_it_names_tests() -> None:
    short = [number for number, text in register().items() if len(text.split("\n- ")[0]) < 60]
    assert short == []
