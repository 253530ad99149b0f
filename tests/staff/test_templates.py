"""What a template's layout may not change: lines that are shown as somebody has typed them."""

import re

from launch.paths import PROJECT

TEMPLATES = PROJECT / "carenet" / "staff" / "templates"
#: `white-space: pre-line`: every line break in such an element is seen.
AS_TYPED = re.compile(r'<(\w+)[^>]*\bclass="words"[^>]*>(.*?)</\1>', re.DOTALL)


def test_words_as_typed_have_no_line_break_of_the_template() -> None:
    found = {
        path.name: content
        for path in TEMPLATES.rglob("*.html")
        for _tag, content in AS_TYPED.findall(path.read_text(encoding="utf-8"))
        if content != content.strip()
    }
    assert not found


def test_there_are_words_as_typed() -> None:
    pages = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    assert sum(len(AS_TYPED.findall(page)) for page in pages) > 20
