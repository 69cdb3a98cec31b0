"""The examples of documents are run, and what they print is told."""

from pathlib import Path

import pytest

from scripts.consoles import recorded

DOCUMENT = """Text.

```python title="deep/er/it.py"
print("it's $HOME")
```

```console
$ cat deep/er/it.py
stale
$ false
$ echo $?
$ for i in 1 2; do
>   printf $i
> done
stale
```

```sh
echo a sketch
```

```console
$ cat nowhere
$ here=kept
```

```python title="deep/er/it.py"
print(2)
```

```console
$ cat deep/er/it.py; echo $here
```
"""


def test_a_document_is_one_shell_from_top_to_bottom(tmp_path: Path):
    now = recorded(DOCUMENT, tmp_path, {"LC_ALL": "C"})

    assert now == (
        DOCUMENT.replace("it.py\nstale\n", 'it.py\nprint("it\'s $HOME")\n')
        .replace("$ echo $?\n", "$ echo $?\n1\n")
        .replace("done\nstale\n", "done\n12\n")
        .replace("nowhere\n", "nowhere\ncat: nowhere: No such file or directory\n")
        .replace("echo $here\n", "echo $here\nprint(2)\nkept\n")
    )
    assert recorded(now, tmp_path, {"LC_ALL": "C"}) == now


def test_nothing_is_set_but_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CI", "true")

    assert recorded("```console\n$ echo $CI $GIVEN\n```", tmp_path, {"GIVEN": "2"}) == "```console\n$ echo $CI $GIVEN\n2\n```"


def test_what_no_day_repeats_is_made_stable(tmp_path: Path):
    assert recorded("```console\n$ echo 17\n```", tmp_path, {}, lambda text: text.replace("17", "N")) == "```console\n$ echo 17\nN\n```"


def test_a_shell_that_ends_too_early_is_an_error(tmp_path: Path):
    with pytest.raises(RuntimeError, match="came to its end too early"):
        recorded("```console\n$ exit 0\n$ echo 1\n```", tmp_path, {})
