"""JUnit XML is valid, complete and safe, whatever the submissions are called and say."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from junitparser import JUnitXml

from grader.report import junit

Results = dict[str, Any]
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))


@pytest.fixture
def root(results: Results) -> ElementTree.Element:
    """The report of the class, parsed."""
    return ElementTree.fromstring("".join(junit.render(results)))


def case(root: ElementTree.Element, classname: str, name: str) -> ElementTree.Element:
    """Return the one case whose names start like this."""
    found = [c for c in root.iter("testcase") if c.get("classname") == classname and c.get("name", "").startswith(name)]
    assert len(found) == 1
    return found[0]


def properties(element: ElementTree.Element) -> dict[str | None, str | None]:
    """Return the properties of a suite or a case."""
    return {p.get("name"): p.get("value") for p in element.iterfind("properties/property")}


def test_it_obeys_the_schema(results: Results) -> None:
    text = "".join(junit.render(results))

    SCHEMA.validate(text)


def test_an_empty_class_obeys_the_schema(results: Results) -> None:
    text = "".join(junit.render(results | {"submissions": []}))

    SCHEMA.validate(text)


def test_counts_equal_the_cases_that_are_there(root: ElementTree.Element) -> None:
    tags = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}

    counted = [{key: len(list(e.iter(tag))) for key, tag in tags.items()} for e in (root, *root.iter("testsuite"))]

    assert counted == [{key: int(e.get(key, "")) for key in tags} for e in (root, *root.iter("testsuite"))]


def test_junitparser_reads_back_what_it_wrote(results: Results) -> None:
    parsed = JUnitXml.fromstring("".join(junit.render(results)).encode())

    assert [s["duration_s"] for s in results["submissions"]] == [suite.time for suite in parsed]
    assert sum(len(suite) for suite in parsed) == parsed.tests


def test_every_check_is_a_case_and_no_task_is_lost(results: Results, root: ElementTree.Element) -> None:
    tasks = [task for submission in results["submissions"] for task in submission["tasks"]]
    empty = [submission for submission in results["submissions"] if not submission["tasks"]]

    assert sum(len(task["checks"]) or 1 for task in tasks) + len(empty) == len(list(root.iter("testcase")))


def test_no_two_cases_share_class_and_name_even_of_twins(results: Results) -> None:
    results["submissions"] += results["submissions"]  # the same ids again
    results["submissions"][1]["tasks"] += results["submissions"][1]["tasks"]  # and the same checks

    root = ElementTree.fromstring("".join(junit.render(results)))

    cases = [(c.get("classname"), c.get("name")) for c in root.iter("testcase")]
    assert len(set(cases)) == len(cases)
    assert len(results["submissions"]) == len(list(root.iter("testsuite")))


def test_a_dot_in_an_id_does_not_make_two_cases_one(results: Results) -> None:
    first, second = results["submissions"][:2]
    first["id"], first["tasks"][0]["id"] = "a.b", "c"
    second["id"], second["tasks"][0]["id"] = "a", "b.c"

    SCHEMA.validate("".join(junit.render(results)))


def test_a_failure_says_everything_in_message_and_body(root: ElementTree.Element) -> None:
    failure = case(root, "bias-summed.conv2d", "backward.db: ").find("failure")

    assert failure is not None
    assert failure.get("message") == "db differs from the right gradient at 2 of 2 entries. (0 of 4 points)"
    for words in (
        "0 of 4 points\ndb differs from the right gradient at 2 of 2 entries.",
        "where: db[0]\ngot: 4\nexpected: 8.0\n",
        "likely cause: db is summed over the rows and columns",
        "next step: Sum dout over every axis",
        "case: two samples, one channel, x (2, 1, 3, 3), b (2,), stride=1, padding=0, float64, wrong on 11 of 18",
    ):
        assert words in (failure.text or "")


def test_further_findings_are_counted_in_the_message(root: ElementTree.Element) -> None:
    failure = case(root, "bias-summed.max_pool2d", "backward.dx: ").find("failure")

    assert failure is not None
    assert "entries. and 2 more (0 of 5 points)" in failure.get("message", "")
    assert "A second thing." in (failure.text or "")


def test_a_failure_without_findings_still_says_something(results: Results) -> None:
    check = results["submissions"][1]["tasks"][2]["checks"][3]
    check["findings"], check["reason"] = [], "It took too long."

    failure = case(ElementTree.fromstring("".join(junit.render(results))), "bias-summed.conv2d", "backward.db").find("failure")

    assert failure is not None
    assert failure.get("message") == "It took too long. (0 of 4 points)"


def test_our_errors_are_errors_and_never_failures(root: ElementTree.Element) -> None:
    error = case(root, "no-luck.relu", "backward.dx: ").find("error")

    assert error is not None
    assert "not a mistake of the submission" in error.get("message", "")
    assert (error.text or "").endswith("\nG-17 happened.")


def test_a_skipped_check_says_why(root: ElementTree.Element) -> None:
    skipped = case(root, "bias-summed.max_pool2d", "backward.purity: ").find("skipped")

    assert skipped is not None
    assert skipped.get("message") == "Not checked: forward must give the right values first." == skipped.text


@pytest.mark.parametrize(
    ("status", "tags"),
    [("missing", ["skipped"]), ("errored", ["error"]), ("failed", ["failure"]), ("passed", [])],
)
def test_a_task_without_checks_is_one_case(results: Results, status: str, tags: list[str]) -> None:
    results["submissions"][2]["tasks"][1] |= {"status": status, "notes": ["No file."]}

    only = case(ElementTree.fromstring("".join(junit.render(results))), "only-affine.relu", "relu")

    assert [e.tag for e in only if e.tag != "properties"] == tags
    assert all("No file." in (e.text or "") for e in only if e.tag != "properties")


def test_points_are_properties_of_case_and_suite(root: ElementTree.Element) -> None:
    of_case = properties(case(root, "bias-summed.conv2d", "forward.value"))

    assert of_case == {"score": "8", "max_score": "8"}
    assert properties(root[1]) == {
        "score": "36",
        "max_score": "54",
        "isolation": "landlock+seccomp",
        "isolation.open a file": "refused",
        "isolation.open a socket": "refused",
        "assignment": "cnn",
        "assignment_sha256": "ab" * 32,
        "seed": "20261122",
        "submission_sha256": "b" * 64,
        "grader_version": "0.1.0",
    }


def test_characters_that_xml_cannot_hold_are_spelt_out_everywhere(results: Results) -> None:
    results["submissions"][0]["id"] = "a\x00b\ud800\uffff\x7f"

    text = "".join(junit.render(results))

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", text)
    names = [suite.get("name", "") for suite in ElementTree.fromstring(text)]
    assert names[0] == "a\\x00b\\ud800\\uffff\\x7f"
    assert "&amp; {{ 7*7 }}\\x07\\x1b[31m" in names[-1]
    assert text.count("\\x07") > 6


def test_a_line_break_in_a_name_cannot_make_two_names_one(results: Results) -> None:
    results["submissions"][0]["id"], results["submissions"][1]["id"] = "one two", "one\ntwo"

    root = ElementTree.fromstring("".join(junit.render(results)))

    assert [suite.get("name") for suite in root][:2] == ["one two", "one two (2)"]


def test_the_same_results_give_the_same_bytes(results: Results) -> None:
    assert "".join(junit.render(results)) == "".join(junit.render(results))
