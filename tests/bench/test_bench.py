"""The benchmark commands do the work that they measure, and print their tables. No time is tested."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ocrdesk_worker.engines.tesseract.command import find_binary
from tests.helpers.cloud_servers import missing_server
from tests.helpers.long_form import IN_LONG_FORM
from tests.helpers.sample_files import scan_pdf, text_image


def _bench(*arguments: str, command: str = "pipeline.py") -> subprocess.CompletedProcess[str]:
    path = Path(__file__).with_name(command)
    return subprocess.run(
        [sys.executable, str(path), *arguments], capture_output=True, text=True, timeout=150, check=False
    )


def _rows(output: str) -> dict[str, str]:
    """Return the table's rows by contender."""
    _, table = output.split("\ncontender ", 1)
    return {line.split()[0]: line for line in table.split("\n\n")[0].splitlines()[1:]}


@IN_LONG_FORM
def test_table_compares_pipeline_and_bare_processes_that_read_the_same_text() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "2", "--repeat", "1", "--contenders", "pipeline,bare")
    assert done.returncode == 0, done.stderr
    rows = _rows(done.stdout)
    assert list(rows) == ["pipeline", "bare"]
    assert re.search(r"\d\.\d\dx as fast \(\d+\.\d\d~?\) +>= 0\.9x +(yes|NO) ", rows["bare"])
    agreement = [float(row.split()[-1]) for row in rows.values()]
    assert min(agreement) > 0.95
    assert abs(agreement[0] - agreement[1]) < 0.02
    assert "Where" in done.stdout
    assert re.search(r"\d of \d workers had pages", done.stdout)


def test_unknown_contender_is_a_usage_error() -> None:
    done = _bench("--contenders", "pipeline,abacus")
    assert done.returncode == 2
    assert "abacus" in done.stderr


@IN_LONG_FORM
def test_memory_of_uploads_is_reported_for_each_storage() -> None:
    done = _bench("--mb", "1", "--at-once", "4", "--repeat", "1", command="uploads.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for storage in ("folder", "redis"):
        for what, aim in (("1 of 1 MB", 4), ("4 of 1 MB", 64)):
            assert re.search(
                rf"^{storage} +{what}( +\d+\.\d MB){{4}} +< {aim} MB +(yes|NO)$", done.stdout, re.MULTILINE
            )


@IN_LONG_FORM
def test_all_followers_get_every_event_while_health_is_requested() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--followers", "30", "--pages", "5", "--processes", "2", command="followers.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(
        r"^30 of 30 followers got every event, once and in order \(\d+ events, ", done.stdout, re.MULTILINE
    )
    assert re.search(
        r"^30 follow, events arrive +\d+( +\d+\.\dms){3} +p99 < 100 ms +(yes|NO)$", done.stdout, re.MULTILINE
    )


def test_densest_real_pages_of_a_corpus_are_a_scan(small_corpus: Path) -> None:
    pytest.importorskip("tesserocr")
    text_image("Many more ships than before lie in all the old harbours").save(small_corpus / "documents/more.png")
    (small_corpus / "documents/more.txt").write_text("Many more ships than before lie in all the old harbours")
    done = _bench("--corpus", str(small_corpus), "--pages", "1", "--repeat", "1", "--contenders", "bare")
    assert done.returncode == 0, done.stderr
    assert "1 real pages of 11 words: more" in done.stderr
    assert float(_rows(done.stdout)["bare"].split()[-1]) > 0.9
    no_pages = _bench("--corpus", str(small_corpus / "receipts"), "--contenders", "bare")
    assert no_pages.returncode != 0
    assert "has no page images with a truth" in no_pages.stderr


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """Make a corpus of one page with word boxes, one receipt and one document."""
    for folder in ("pages/image", "pages/truth", "receipts", "documents"):
        (tmp_path / folder).mkdir(parents=True)
    text_image("Ships and harbours").save(tmp_path / "pages/image/ships.png")
    everywhere = "<span class='ocrx_word' title='bbox 0 0 900 220; x_wconf 90'>{}</span>"
    spans = "".join(everywhere.format(word) for word in ("Ships", "and", "absent"))
    (tmp_path / "pages/truth/ships.hocr").write_text(f"<html><body>{spans}</body></html>")
    text_image("Total: 12.50\nThank you").save(tmp_path / "receipts/shop.jpg", dpi=(150, 150))
    (tmp_path / "receipts/shop.txt").write_text("THANK YOU\nTotal 12.50\n")
    (tmp_path / "documents/letter.pdf").write_bytes(scan_pdf(["Dear friend"]))
    (tmp_path / "documents/letter.txt").write_text("Dear\nfriend\n")
    return tmp_path


def test_each_set_of_a_corpus_is_scored_for_each_engine_against_plain_tesseract(small_corpus: Path) -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--corpus", str(small_corpus), command="accuracy.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for kind, score, second in (("pages", "0.6667", ""), ("receipts", "1.0000", "1.000"), ("documents", "0.0000", "")):
        for name, met in (("plain", ""), ("tesseract", ""), ("auto", "(yes|NO)")):
            row = rf"^{kind} +{name} +1 +{score} +{second} *\d+\.\ds +\d+\.\d\dx.*{met}$"
            assert re.search(row, done.stdout, re.MULTILINE), (row, done.stdout)
    assert re.search(r"^Expected calibration error: 0\.\d{4} ", done.stdout, re.MULTILINE)


def test_words_that_a_page_does_not_have_are_counted(small_corpus: Path) -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--corpus", str(small_corpus), command="noise.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 pages, 3 words: 0 (0.00%) at no word of the page, 0 twice" in done.stdout


def test_accuracy_without_a_corpus_says_what_it_needs() -> None:
    done = _bench(command="accuracy.py")
    assert done.returncode == 2
    assert "pages/truth/NAME.hocr" in done.stderr


@IN_LONG_FORM
def test_screenshot_read_over_http_is_compared_with_the_program(tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    if find_binary() is None:
        pytest.skip("the tesseract program is not installed")
    done = _bench("--pairs", "2", command="latency.py")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = re.findall(r"^bare(?:, 1 thread)? .* \d\.\d\dx .* (\d\.\d{3})$", done.stdout, re.MULTILINE)
    assert len(rows) == 2
    assert min(map(float, rows)) > 0.95
    assert len(re.findall(r"<= 0\.8x +(?:yes|NO)", done.stdout)) == 1


@IN_LONG_FORM
def test_whole_text_and_first_page_of_a_text_pdf_are_read() -> None:
    done = _bench("--pages", "12", "--repeat", "1", "--ocrmypdf-pages", "0", command="text_pdf.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Words: F1 1.000 of all pages, 1.000 of the first" in done.stdout
    assert re.search(r"^submit to first page( +\d+ ms){3} +< 100 ms +(yes|NO)$", done.stdout, re.MULTILINE)
    assert re.search(r"^submit to all 12 pages( +\d+ ms){3}$", done.stdout, re.MULTILINE)


@IN_LONG_FORM
def test_the_confined_process_is_compared_with_opening_files_directly() -> None:
    command = [sys.executable, "-m", "tests.bench.sandbox"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "without" in done.stdout


@IN_LONG_FORM
def test_a_page_is_read_although_no_server_runs() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--runs", "1", command="cold_start.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\| .*ocrdesk( \| \d+\.\d\d \(least \d+\.\d\d\)){3} \|$", done.stdout, re.MULTILINE), done.stdout


@IN_LONG_FORM
def test_long_scan_is_compared_with_a_short_one() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "24", "--skip-first-page", command="long_scan.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for what in ("time per light page", "memory: api", "memory: workers", "memory: valkey", "memory: together"):
        assert re.search(rf"^{what} .* \d+\.\d\dx +<= 1\.2x +(yes|NO)$", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("uploads.py", ["--storage", "attic"]),
        ("followers.py", ["--followers", "0"]),
        ("accuracy.py", ["--engines", "abacus"]),
        ("latency.py", ["--pairs", "0"]),
        ("text_pdf.py", ["--pages", "0"]),
        ("long_scan.py", ["--pages", "0"]),
        ("cold_start.py", ["--runs", "0"]),
        ("job_list.py", ["--jobs", "0"]),
        ("upright.py", ["--only", "upside down"]),
        ("upright.py", ["/nowhere"]),
        ("steps.py", ["--steps", "handwriting"]),
        ("steps.py", ["--corpus", "/nowhere"]),
        ("steps.py", ["--pages", "0"]),
        ("steps.py", ["--dpi", "fine"]),
    ],
)
def test_invalid_argument_is_a_usage_error(command: str, arguments: list[str]) -> None:
    assert _bench(*arguments, command=command).returncode == 2


@IN_LONG_FORM
def test_window_starts_and_shows_a_job_while_its_event_loop_is_measured() -> None:
    pytest.importorskip("PySide6")
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "3", "--starts", "1", command="desktop.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ocrdesk over bare +\d+\.\d\dx +< 3x +(yes|NO)$", done.stdout, re.MULTILINE), done.stdout
    for gap in ("gap from the first paint to ready", "gap in the event loop, 3 pages"):
        assert re.search(rf"^longest {gap} +\d+ ms +< 50 ms +(yes|NO)$", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^memory before and after the job +\d+ and \d+ MB$", done.stdout, re.MULTILINE)


@IN_LONG_FORM
def test_list_of_jobs_is_merged_scrolled_and_filtered() -> None:
    pytest.importorskip("PySide6")
    done = _bench("--jobs", "300", "--frames", "20", command="job_list.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for what in (
        "300 jobs into an empty list",
        "a frame: scrolling slowly",
        "a letter in the filter",
        "pause all, a turn",
        "remove all, a turn",
    ):
        assert re.search(rf"^{what}.*( +\d+\.\dms){{4}} +< [\d.]+ ms +(yes|NO)$", done.stdout, re.MULTILINE), (
            done.stdout
        )
    assert re.search(r"^memory per job +-?\d+\.\d kB +< 4 kB +(yes|NO)$", done.stdout, re.MULTILINE)


@IN_LONG_FORM
def test_degraded_pages_are_read_better_with_the_steps_than_without() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "1", "--only", "turned by 270,skewed by -7", command="upright.py")
    assert done.returncode == 0, done.stderr
    for pages in ("turned by 270", "skewed by -7"):
        row = re.search(rf"^{pages} +(\d\.\d{{3}}) +(\d\.\d{{3}}) +\d+\.\d\dx$", done.stdout, re.MULTILINE)
        assert row
        assert float(row[1]) < float(row[2]) > 0.95
    assert re.search(r"^Tests on clean pages: \d+\.\d\d% of the engine's time, aim < 2%: (yes|NO)$", done.stdout, re.M)


def _gain(output: str, files: str, step: str) -> float:
    row = re.search(
        rf"^{files} +{step} +\d+ +\d\.\d{{4}} +\d\.\d{{4}} +([+-]\d\.\d{{4}}) +\d+\.\d\dx$", output, re.MULTILINE
    )
    assert row, (files, step, output)
    return float(row[1])


@IN_LONG_FORM
def test_each_step_is_compared_with_leaving_it_out_where_it_is_needed_and_where_it_is_not(small_corpus: Path) -> None:
    pytest.importorskip("tesserocr")
    steps = "orientation,skew,codes"
    done = _bench("--corpus", str(small_corpus), "--pages", "1", "--clean", "1", "--steps", steps, command="steps.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for files in ("generated pages", "pages", "receipts", "documents"):
        for step in steps.split(","):
            assert _gain(done.stdout, files, step) == 0
    assert _gain(done.stdout, "generated pages, turned by 180", "orientation") > 0.5
    assert _gain(done.stdout, "generated pages, skewed by 2", "skew") > 0
    for degraded in ("turned by 90", "turned by 180", "skewed by 2", "with codes"):
        assert re.search(rf"^pages, {degraded} +\w+ +1 +0\.6667 ", done.stdout, re.MULTILINE), degraded
    assert "Codes found on pages with codes: 4 of 4" in done.stdout
    assert re.search(r"^Clean pages .*: rereading \d+\.\d% .* aim <= 10%: (yes|NO)$", done.stdout, re.MULTILINE)


@IN_LONG_FORM
def test_resolution_by_need_is_compared_with_300_dpi_at_each_resolution_of_generated_pages() -> None:
    pytest.importorskip("tesserocr")
    steps = ("--steps", "resolution by need", "--dpi", "75,600")
    done = _bench("--pages", "1", "--clean", "1", *steps, command="steps.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for dpi in (75, 600):
        for kind in ("PDF", "image"):
            _gain(done.stdout, f"generated pages, {dpi} dpi {kind}", "resolution by need")
    assert "pages/truth/NAME.hocr" in done.stdout


def test_structure_of_drawn_pages_is_judged() -> None:
    pytest.importorskip("PySide6")
    done = _bench("--kinds", "headings,diagram", "--forms", "pdf", "--pages", "1", command="structure.py")
    assert done.returncode == 0, done.stderr
    rows = dict(re.findall(r"^\| (\w+) \| (\d\.\d\d \d\.\d{3})", done.stdout, re.MULTILINE))
    assert rows.keys() == {"headings", "diagram", "all"}
    assert all(float(value) > 0.9 for row in rows.values() for value in row.split())


@IN_LONG_FORM
def test_generated_paragraphs_are_judged_before_and_after_correction() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--pages", "2", "--first", "100", command="paragraphs.py")
    assert done.returncode == 0, done.stderr
    wrong = [
        sum(map(int, row))
        for row in re.findall(r"^\| (?:as .*|corrected) \| (\d+) \| (\d+) \|$", done.stdout, re.MULTILINE)
    ]
    assert len(wrong) == 2
    assert wrong[1] < wrong[0]


def test_regions_of_pages_in_several_scripts_are_scored_by_language(tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    arguments = ("--kinds", "stacked", "--only", "rus", "--pages", "1", "--keep", str(tmp_path))
    done = _bench(*arguments, command="mixed_scripts.py")
    if done.returncode == 1 and "no data or font" in done.stderr:
        pytest.skip("there are no data or fonts for the languages")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\| stacked \|(?: \d\.\d{3} \|)+ \d\.\d{3} \| \d+\.\d\d \|$", done.stdout, re.MULTILINE)
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".txt", ".json"}


@IN_LONG_FORM
def test_detected_languages_are_counted() -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--only", "rus", "--list", command="language_detection.py")
    if done.returncode == 1 and not done.stderr:
        pytest.skip("there are no data or fonts for the language")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\| one clean \(1\) \| 1 \| 0 \| 0 \| \d\.\d{3} \|$", done.stdout, re.MULTILINE)


def test_waiting_for_a_replica_is_measured() -> None:
    command = [sys.executable, "-m", "tests.bench.replicas", "--transactions", "20"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert re.search(r"^ +0 +\d+\.\d{3} +\d+\.\d{3}\n +1 +\d+\.\d{3} +\d+\.\d{3}$", done.stdout, re.MULTILINE)


@IN_LONG_FORM
def test_a_second_worker_is_compared_with_one() -> None:
    command = [sys.executable, "-m", "tests.bench.scaling_workers", "--pages", "4", "--rounds", "1"]
    done = subprocess.run([*command, "--engine", "tesseract"], capture_output=True, text=True, timeout=150, check=False)
    if done.returncode == 77:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^2 workers on 2 hosts +\d+\.\d{3} +\d\.\d{3} ", done.stdout, re.MULTILINE), done.stdout


def test_smaller_pages_are_compared(small_corpus: Path) -> None:
    pytest.importorskip("tesserocr")
    done = _bench("--corpus", str(small_corpus), "--scales", "1x1,0.8x1", command="scaled.py")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^1 x 1 +0\.6667 .*\n0\.8 x 1 +0\.6667 ", done.stdout, re.MULTILINE), done.stdout


@IN_LONG_FORM
def test_each_step_of_a_page_has_a_time(tmp_path: Path) -> None:
    pytest.importorskip("tesserocr")
    path = tmp_path / "page.png"
    # so many clear words are read in batches of lines, and nothing is read again
    text_image("\n".join(["Steps are timed one by one on this page"] * 5), (900, 450)).save(path)
    done = _bench("--repeat", "1", str(path), command="own_code.py")
    assert done.returncode == 0, done.stderr
    rows = ("libtesseract", "ONNX Runtime", "lines in batches", "our own code")
    has_time = ".*".join(rf"^{row} +[1-9]\d*\.\d$" for row in rows)
    assert re.search(has_time, done.stdout, re.MULTILINE | re.DOTALL), done.stdout


@IN_LONG_FORM
def test_requests_to_a_bucket_are_counted() -> None:
    if reason := missing_server("rclone"):
        pytest.skip(reason)
    command = [sys.executable, "-m", "tests.bench.storage_requests", "--pages", "1", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=True)
    assert re.search(r"^read +.*PUT 2\.0 ", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^US dollars for a million pages \d+\.\d\d, ", done.stdout, re.MULTILINE), done.stdout
