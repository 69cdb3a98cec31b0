"""Every sentence that a student can read, as it reads."""

import inspect
from typing import Any

import pytest

from grader import messages
from tests.messages.said import calls, causes, findings, notes, own_layer, own_net, policy, reasons, titles

TABLES = (calls, causes, findings, notes, own_layer, own_net, policy, reasons, titles)
SAID = [row for table in TABLES for row in table.SAID]
PLURAL = {messages.mutates: ["forward", ["x"]], messages.read_as: [{"activation": "relu"}], messages.accepted: [{"log_epsilon": 1e-7}]}
WITHIN = (messages.late_by, messages.amount, messages.late, messages.too_late, messages.dropped, messages.not_among_best, messages.bonus)
CONSTANTS = {name: value for name, value in vars(messages).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize(("function", "arguments", "keywords", "text"), SAID)
def test_a_message_reads_as_it_reads(function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any], text: str):
    assert function(*arguments, **keywords) == text


def test_every_message_is_in_the_table():
    functions = {f for _, f in inspect.getmembers(messages, inspect.isfunction) if f.__module__.startswith(f"{messages.__name__}.")}

    assert functions == {function for function, *_ in SAID} | set(PLURAL) | {messages.heard}  # the words of others


def test_sentences_are_one_line_end_in_a_stop_and_never_shout():
    sentences = [text for function, *_, text in SAID if not function.__name__.startswith("title") and function not in WITHIN]
    sentences += [value for name, value in CONSTANTS.items() if not name.startswith("TITLE")]
    sentences += [messages.mutates("forward", ["x"]), *messages.read_as({"activation": "relu"}), *messages.accepted({"log_epsilon": 1e-7})]

    sentences = [s.removesuffix(": if __name__ == '__main__':") + "." * s.endswith("__':") for s in sentences]  # ends in code
    wrong = [s for s in sentences if "\n" in s or "!" in s or not s.endswith((".", "?")) or s != s.strip()]
    assert wrong == []


def test_titles_are_clauses_without_a_stop():
    titles = [text for function, *_, text in SAID if function.__name__.startswith("title")]
    titles += [value for name, value in CONSTANTS.items() if name.startswith("TITLE")]

    assert [t for t in titles if t.endswith(".") or "!" in t or "\n" in t] == []
