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


def test_nothing_within_a_section_is_a_landmark_of_the_same_name() -> None:
    found = [
        (path.name, name)
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(
            r'role="region"[^>]*aria-labelledby="([^"]+)"', path.read_text(encoding="utf-8")
        )
        if re.search(rf'<section[^>]*aria-labelledby="{name}"', path.read_text(encoding="utf-8"))
    ]
    assert found == []
