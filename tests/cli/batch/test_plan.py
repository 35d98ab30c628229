"""Where results go, and what is refused before anything is sent."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ocrdesk.cli.batch.output import Output, OutputError
from ocrdesk.cli.batch.plan import Plan, make_plan
from tests.helpers.sample_files import scan_pdf, text_png

PNG, PDF = text_png("Hello"), scan_pdf(["Hello"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two images, a PDF, and a tree."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.png", "tree/one/page.png", "tree/two/page.png"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(PNG)
    Path("scan.pdf").write_bytes(PDF)
    return tmp_path


def plan(*arguments: str, out: str | None = None, form: str | None = None, **choices: bool) -> Plan:
    return make_plan(arguments, Output.from_options(form, out, **choices))


def targets(found: Plan) -> list[str]:
    return [file.target.as_posix() if file.target else "-" for file in found.files]


def files_here() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())


def refusal(*arguments: str, **choices: str | bool | None) -> str:
    """Return why a plan is refused; nothing is written then."""
    before = files_here()
    with pytest.raises(OutputError) as caught:
        plan(*arguments, **choices)  # type: ignore[arg-type]
    assert files_here() == before
    return str(caught.value)


def test_one_file_goes_to_stdout_to_a_file_or_into_a_folder() -> None:
    assert targets(plan("a.png")) == targets(plan("a.png", out="-")) == ["-"]
    assert targets(plan("a.png", out="t.txt")) == ["t.txt"]
    assert targets(plan("a.png", out="texts")) == ["texts"]
    assert targets(plan("a.png", out="texts/")) == ["texts/a.png.txt"]
    assert Path("texts").is_dir()
    assert targets(plan("a.png", out="texts")) == ["texts/a.png.txt"], "the folder exists now"


def test_several_files_go_into_a_folder() -> None:
    assert targets(plan("a.png", "b.png", out="texts")) == ["texts/a.png.txt", "texts/b.png.txt"]
    assert targets(plan("a.png", "b.png", out="texts.2026")) == ["texts.2026/a.png.txt", "texts.2026/b.png.txt"]
    assert targets(plan("a.png", "b.png", out="out.d/")) == ["out.d/a.png.txt", "out.d/b.png.txt"]


def test_a_folder_becomes_a_folder_even_with_one_file_in_it() -> None:
    assert targets(plan("tree", out="texts")) == ["texts/one/page.png.txt", "texts/two/page.png.txt"]
    assert targets(plan("tree/one", out="more")) == ["more/page.png.txt"]


@pytest.mark.parametrize("arguments", [("a.png", "b.png"), ("a.png", "a.png"), ("tree",), ("tree/one",)])
def test_several_files_do_not_become_a_file(arguments: tuple[str, ...]) -> None:
    assert "--merge" in refusal(*arguments, out="two.pdf")
    assert "two/" in refusal(*arguments, out="two.txt")
    assert "two/" in refusal(*arguments, out="two.rtf", form="text")
    Path("two.pdf").write_bytes(b"a file that is there already")
    assert "--merge" in refusal(*arguments, out="two.pdf")


@pytest.mark.parametrize("name", ["x.rtf", "x.7z", "x.PNG", "a.b.rtf", "x.pdf.zip"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(name: str) -> None:
    why = refusal("a.png", out=name)
    assert ".csv, .docx, .epub, .hocr, .html, .json, .md, .odt, .pdf, .tsv, .txt, .xlsx, .xml" in why
    assert "-f" in why
    assert why == refusal("a.png", "b.png", out=name)
    assert targets(plan("a.png", out=name, form="text")) == [name]


@pytest.mark.parametrize("name", ["x.PDF", "x.docx", "x.epub", "notes.2026", "No. 5"])
def test_a_known_suffix_and_a_name_without_one_are_accepted(name: str) -> None:
    assert targets(plan("a.png", out=name)) == [name]


def test_an_existing_result_is_kept_unless_it_may_be_replaced() -> None:
    Path("t.txt").write_text("hours of work")
    why = refusal("a.png", out="t.txt")
    assert "--force" in why
    assert "--skip-existing" in why
    assert targets(plan("a.png", out="t.txt", force=True)) == ["t.txt"]
    skipped = plan("a.png", out="t.txt", skip_existing=True)
    assert (skipped.files, skipped.skipped) == ((), 1)


def test_existing_results_in_a_folder_are_kept_unless_they_may_be_replaced() -> None:
    Path("texts").mkdir()
    Path("texts/a.png.txt").write_text("hours of work")
    assert "1 of 2 results exist, for example" in refusal("a.png", "b.png", out="texts")
    assert len(targets(plan("a.png", "b.png", out="texts", force=True))) == 2
    rest = plan("a.png", "b.png", out="texts", skip_existing=True)
    assert (targets(rest), rest.skipped) == (["texts/b.png.txt"], 1)


def test_an_empty_file_a_device_and_a_pipe_are_no_results_to_keep() -> None:
    Path("empty.txt").touch()
    assert targets(plan("a.png", out="empty.txt")) == ["empty.txt"]
    if os.name == "posix":
        assert targets(plan("a.png", out=os.devnull)) == [os.devnull]
        os.mkfifo("pipe.txt")
        assert targets(plan("a.png", out="pipe.txt")) == ["pipe.txt"], "or it hung at the pipe"


@pytest.mark.parametrize("name", ["scan.pdf", "./scan.pdf", "link.pdf", "hard.pdf", "tree/../scan.pdf"])
@pytest.mark.parametrize("force", [False, True])
def test_a_source_is_not_replaced(name: str, force: bool) -> None:
    Path("link.pdf").symlink_to("scan.pdf")
    os.link("scan.pdf", "hard.pdf")
    assert "--in-place" in refusal("scan.pdf", out=name, force=force)
    assert "--in-place" in refusal("link.pdf", out="scan.pdf", force=force)


def test_a_source_among_the_results_of_others_is_not_replaced() -> None:
    Path("a.png.txt").write_bytes(PNG)
    assert "also an input" in refusal("a.png", "a.png.txt", out="./", force=True)


def test_results_in_a_folder_of_inputs_are_no_inputs() -> None:
    first = plan("tree", out="tree", form="pdf")
    assert targets(first) == ["tree/one/page.png.pdf", "tree/two/page.png.pdf"]
    for name in targets(first):
        Path(name).write_bytes(PDF)
    for tree, out in (("tree", "tree"), ("tree", str(Path("tree").absolute())), ("tree/../tree/", "./tree/")):
        again = plan(tree, out=out, form="pdf", skip_existing=True)
        assert (again.files, again.skipped) == ((), 2)
    Path("tree/out").mkdir()
    Path("tree/out/old.pdf").write_bytes(PDF)
    assert not [name for name in targets(plan("tree", out="tree/out", form="pdf")) if "old" in name]


def test_a_pdf_is_replaced_in_place_if_that_is_asked_for() -> None:
    assert targets(plan("scan.pdf", in_place=True)) == ["scan.pdf"]
    assert targets(plan("scan.pdf", out="scan.pdf", in_place=True)) == ["scan.pdf"]
    assert plan("scan.pdf", in_place=True).files[0].source.path == Path("scan.pdf")
    Path("tree/b.pdf").write_bytes(PDF)
    assert targets(plan("tree", in_place=True)) == ["tree/b.pdf"], "images in a folder stay"


def test_only_pdfs_are_replaced_in_place() -> None:
    assert "PDFs only" in refusal("a.png", in_place=True)
    assert "there are none" in refusal("tree", in_place=True)
    assert "not by text" in refusal("scan.pdf", form="text", in_place=True)
    assert "leave out -o" in refusal("scan.pdf", out="other.pdf", in_place=True)


def test_files_are_merged_into_one_pdf() -> None:
    merged = plan("a.png", "tree", "a.png", out="all.pdf", merge=True)
    assert merged.merged == Path("all.pdf")
    assert [file.source.label for file in merged.files] == [
        "a.png",
        str(Path("tree", "one", "page.png")),
        str(Path("tree", "two", "page.png")),
        "a.png",
    ]
    assert plan("a.png", "b.png", merge=True).merged is None


def test_a_merged_pdf_replaces_nothing_unasked() -> None:
    Path("all.pdf").write_bytes(PDF)
    assert "--force" in refusal("a.png", out="all.pdf", merge=True)
    assert plan("a.png", out="all.pdf", merge=True, force=True).merged == Path("all.pdf")
    assert plan("a.png", "b.png", out="all.pdf", merge=True, skip_existing=True).skipped == 2
    assert "one of the inputs" in refusal("a.png", "scan.pdf", out="scan.pdf", merge=True, force=True)
    assert "is a folder" in refusal("a.png", out="tree", merge=True)
    assert len(plan(".", out="all.pdf", merge=True, force=True).files) == 5, "its earlier self is no part of it"


@pytest.mark.parametrize("form", ["text", "docx", "json"])
def test_only_pdfs_are_merged(form: str) -> None:
    assert "stdout" in refusal("a.png", form=form, merge=True)


def test_choices_that_exclude_each_other_are_refused() -> None:
    assert "exclude" in refusal("a.png", out="t.txt", force=True, skip_existing=True)
    assert "exclude" in refusal("scan.pdf", merge=True, in_place=True)
    assert "-o" in refusal("a.png", force=True)
    assert "-o" in refusal("a.png", skip_existing=True)
    assert "empty" in refusal("a.png", out="")


def test_formats_that_cannot_share_a_stream_need_a_folder() -> None:
    why = refusal("a.png", "b.png", form="pdf")
    assert "-o DIR/" in why
    assert "--merge" in why
    assert "--merge" not in refusal("a.png", "b.png", form="docx")
    assert targets(plan("a.png", "b.png", form="md")) == ["-", "-"]


@pytest.mark.parametrize("out", ["missing/t.txt", "a.png/t.txt"])
def test_an_output_that_cannot_be_written_is_refused(out: str) -> None:
    assert "cannot be written" in refusal("a.png", out=out)


def test_a_link_that_leads_to_nothing_yet_stays_a_link() -> None:
    Path("link.txt").symlink_to("target.txt")
    assert targets(plan("a.png", out="link.txt")) == ["link.txt"]
    assert Path("link.txt").is_symlink()
    assert not Path("target.txt").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems require names in UTF-8")
def test_messages_about_any_name_are_one_line_of_text() -> None:
    bad = os.fsdecode(b"caf\xe9\n.txt")
    Path(bad).write_bytes(b"x")
    why = refusal("a.png", out=bad)
    assert r"caf\xe9\n.txt" in why
    why.encode()
    assert "\n" not in refusal("a.png", out=os.fsdecode(b"\xe9\n.rtf"))
