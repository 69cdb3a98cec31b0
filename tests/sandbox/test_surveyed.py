"""The answer to a survey is read with suspicion: what has not its form is a breach of the protocol, never an error of ours."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import FailureKind, Limits
from grader.sandbox.session import Lost
from grader.sandbox.survey import survey
from grader.sandbox.surveyed import Binding, Place, surveyed
from grader.worker.survey import survey as asked_of_the_worker
from grader.worker.wire import Blocking, Kind, ProtocolError
from tests.sandbox.scripted import Scripted

FILES = {"layers.py": "def relu_forward(x): return x, x\ndef affine_foward(x, w, b): pass\n", "old.py": "def f(:\n"}
TASKS = {"r": ("relu", ["cs231n", "functions"]), "a": ("affine", ["cs231n"])}
PLACE = {"path": "layers.py", "line": 1, "name": "relu_forward", "error": ""}


def told(**changed: Any) -> dict[str, Any]:
    """Return an answer of a right worker, with some of the binding of relu changed."""
    answer = copy.deepcopy(asked_of_the_worker(FILES, TASKS))
    answer["tasks"]["r"] |= changed
    return answer


def test_the_answer_of_a_right_worker_is_understood():
    found = surveyed(told(also=["a/b.py:3 relu_forward"]), FILES, TASKS)

    assert found.tasks["r"] == Binding(
        convention="cs231n",
        parts={"forward": Place(path="layers.py", line=1, name="relu_forward", error="")},
        also=("a/b.py:3 relu_forward",),
    )
    assert found.tasks["r"].parts["forward"].shown == "layers.py:1 relu_forward"
    assert found.tasks["a"] == Binding(near=(("affine_foward", "layers.py", 2, "affine_forward"),))
    assert found.broken == (("old.py", 1, "SyntaxError: invalid syntax"),)


def test_a_class_may_lack_only_options_that_its_convention_has_a_neutral_value_for():
    tasks = {"p": ("max_pool2d", ["classes"])}
    files = {"a.py": "class MaxPool:\n    def forward(self, x): return x * 1\n    def backward(self, d): return d * 1\n"}
    answer = asked_of_the_worker(files, tasks)
    answer["tasks"]["p"]["lacks"] += ["kernel_h", 3]

    assert surveyed(answer, files, tasks).tasks["p"].lacks == ("padding", "stride")


def test_an_option_may_stand_alone_only_at_a_value_that_its_convention_has_a_class_for():
    tasks = {"g": ("global_pool", ["classes"])}
    files = {"a.py": "class GlobalMaxPool2d:\n    def forward(self, x): return x * 1\n    def backward(self, d): return d * 1\n"}
    answer = asked_of_the_worker(files, tasks)
    lie = {"tasks": {"g": answer["tasks"]["g"] | {"alone": {"mode": "none", "size": 3}}}}

    assert surveyed(answer, files, tasks).tasks["g"].alone == {"mode": "max"}
    assert surveyed(answer | lie, files, tasks).tasks["g"].alone == {}


def test_words_are_cleaned_and_what_the_worker_needs_is_not():
    path, name = "a\u3164.py", "relu\u3164forward"
    place = PLACE | {"path": path, "name": name, "error": "bad\x1b[2J\nthing"}
    answer = told(parts={"forward": place}, also=["\u202e" * 3], near=[["x\0", "y\n", 4, "z\x07"]])
    answer |= {"broken": {path: [2, "\x1b"]}, "dropped": {path: {"3": 4}}, "obstacles": {path: [[3, "missing", "\x1b"]]}}

    found = surveyed(answer, {path: ""}, TASKS)

    binding = found.tasks["r"]
    forward = binding.parts["forward"]
    assert (forward.path, forward.name, forward.error) == (path, name, "bad\\x1b[2J thing")
    assert forward.shown == "a\\u3164.py:1 relu\\u3164forward"
    assert (binding.also, binding.near) == (("\\u202e" * 3,), (("x\\x00", "y", 4, "z\\x07"),))
    assert found.broken == (("a\\u3164.py", 2, "\\x1b"),)
    assert found.dropped == {path: {3: 4}}
    assert found.obstacles == (("a\\u3164.py", 3, "missing", "\\x1b"),)


LIES: dict[str, Any] = {
    "nothing": {},
    "a list": [],
    "a text": "tasks",
    "a task too few": {"broken": {}, "tasks": {"r": {"near": []}}},
    "a task too many": {"broken": {}, "tasks": {n: {"near": []} for n in "rab"}},
    "a task that is none": {"broken": {}, "tasks": {"r": None, "a": {"near": []}}},
    "no broken": {"tasks": {n: {"near": []} for n in "ra"}},
    "a broken file that was not asked about": told() | {"broken": {"else.py": [1, ""]}},
    "a mistake without words": told() | {"broken": {"old.py": [1]}},
    "a mistake without a line": told() | {"broken": {"old.py": [None, "bad"]}},
    "no near": {"broken": {}, "tasks": {"r": {}, "a": {"near": []}}},
    "parts alone": {"broken": {}, "tasks": {"r": {"near": [], "parts": {"forward": PLACE}}, "a": {"near": []}}},
    "no parts at all": told(parts={}),
    "parts in a list": told(parts=[PLACE]),
    "a part that is none": told(parts={"sideways": PLACE}),
    "a convention that was not asked for": told(convention="lecture"),
    "a convention without the layer": told(convention="functions"),
    "a convention that is no text": told(convention=3),
    "a place that is none": told(parts={"forward": None}),
    "a path that is none of the files": told(parts={"forward": PLACE | {"path": "/etc/passwd"}}),
    "a path that is no text": told(parts={"forward": PLACE | {"path": 3}}),
    "a line that is a text": told(parts={"forward": PLACE | {"line": "1"}}),
    "a line that is a truth": told(parts={"forward": PLACE | {"line": True}}),
    "a line before the first": told(parts={"forward": PLACE | {"line": -1}}),
    "a line of a thousand digits": told(parts={"forward": PLACE | {"line": 10**1000}}),
    "a name of a megabyte": told(parts={"forward": PLACE | {"name": "x" * (1 << 20)}}),
    "a place without an error": told(parts={"forward": {k: v for k, v in PLACE.items() if k != "error"}}),
    "holes in a file that was not asked about": told() | {"dropped": {"else.py": {"1": 2}}},
    "holes that are no lines": told() | {"dropped": {"old.py": {"x": 2}}},
    "holes of another form": told() | {"dropped": {"old.py": [1, 2]}},
    "holes in nothing": told() | {"dropped": [1]},
    "obstacles in a file that was not asked about": told() | {"obstacles": {"else.py": []}},
    "an obstacle of another kind": told() | {"obstacles": {"old.py": [[1, "wall", "x"]]}},
    "obstacles that are none": told() | {"obstacles": 3},
    "unfinished parts that are no list": told(unfinished="forward"),
    "lacking options that are no list": told(lacks="padding"),
    "options alone that are no dictionary": told(alone=["mode"]),
    "others that are no texts": told(also=[3]),
    "others that are no list": told(also="abc"),
    "a near miss too short": told(near=[["x", "y", 1]]),
    "a near miss without a line": told(near=[["x", "y", "1", "z"]]),
    "near misses that are no list": told(near="abc"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_an_answer_of_another_form_is_a_breach_of_the_protocol(lie: Any):
    with pytest.raises(ProtocolError):
        surveyed(lie, FILES, TASKS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda x: st.lists(x, max_size=4) | st.dictionaries(st.sampled_from(["forward", "path", "line", ""]), x),
    max_leaves=8,
)


@given(st.sampled_from(["near", "convention", "parts", "also"]), JSON)
def test_whatever_is_told_of_a_task_is_understood_or_a_breach(key: str, value: Any):
    try:
        found = surveyed(told(**{key: value}), FILES, TASKS)
    except ProtocolError:
        return
    assert isinstance(found.tasks["r"], Binding)


def test_a_survey_with_a_senseless_answer_is_lost():
    def script(channel: Blocking) -> None:
        channel.send(Kind.READY, {})
        channel.receive()
        channel.send(Kind.SURVEYED, {"broken": {}, "tasks": {"r": {"parts": 3}}})
        channel.send(Kind.DONE, {})
        channel.receive()

    with pytest.raises(Lost) as lost:
        survey(Scripted(script), Limits(load_seconds=5), FILES, TASKS)

    assert (lost.value.failure.kind, lost.value.failure.text) == (FailureKind.LOAD, "ProtocolError")


@pytest.mark.parametrize("made", [{}, "layers.py", [1], [["layers.py", "1", "uses", "x"]], [["layers.py", 1, "hides", "x"]]])
def test_where_a_library_was_used_is_told_in_its_form_or_not_believed(made):
    with pytest.raises(ProtocolError):
        surveyed(told(banned=[], made=made), FILES, TASKS)


def test_where_a_library_was_used_is_understood():
    found = surveyed(told(banned=[], made=[["layers.py", 1, "uses", "torch.relu"]]), FILES, TASKS)

    assert found.tasks["r"].made == (("layers.py", 1, "uses", "torch.relu"),)
