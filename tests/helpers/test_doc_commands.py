"""Commands are found wherever a page can have them."""

from __future__ import annotations

from tests.helpers.doc_commands import Command, commands_in

PAGE = """# A page

To begin, type `curl -s
URL`, or call `ocrdesk languages add`:

    ocrdesk serve --port 9   # a comment
    NAME=value curl \\
         -d x y
    {"shown": 1}

    a program that nobody knows

Settings are no commands:

    NAME=value

```sh
podman run image
```

```python
print("no command")
```
"""


def test_commands_of_blocks_and_sentences_are_found() -> None:
    assert list(commands_in(PAGE, "page")) == [
        Command("page", "podman run image"),
        Command("page", "ocrdesk serve --port 9"),
        Command("page", "NAME=value curl -d x y", '{"shown": 1}'),
        Command("page", "a program that nobody knows"),
        Command("page", "curl -s URL"),
    ]


def test_sentences_can_be_left_out() -> None:
    assert "curl -s URL" not in [found.text for found in commands_in(PAGE, "page", in_sentences=False)]
