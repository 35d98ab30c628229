"""A row in words, for the list, the text pane and screen readers."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from ocrdesk.desktop.jobs.row import JobRow, RowState

_A_MINUTE_S = 55
_HOURS_FROM_MIN = 90


def tr(text: str) -> str:
    return QCoreApplication.translate("Job", text)


def pages(count: int) -> str:
    """Return "1 page" or "12 pages"."""
    return tr("1 page") if count == 1 else tr("{count} pages").format(count=count)


def state_line(row: JobRow) -> str:
    """Return the second line of a row: its state, and the progress or the reason."""
    match row.state:
        case RowState.WAITING:
            return tr("Waiting to be sent")
        case RowState.SENDING:
            percent = int((row.fraction or 0.0) * 100)
            return tr("Sending, {percent} %").format(percent=percent) if percent else tr("Sending")
        case RowState.PAUSED:
            return _paused(row)
        case RowState.QUEUED:
            return _with_time(tr("Waiting for its turn"), row)
        case RowState.STARTED:
            return _progress(row)
        case RowState.FINISHED:
            return _finished(row)
        case RowState.CANCELLED:
            return tr("Cancelled")
        case RowState.REFUSED:
            return row.error or tr("This file was not accepted")
        case RowState.FAILED:
            return row.error or tr("This file could not be read")


def _progress(row: JobRow) -> str:
    if row.page_count is None:
        return tr("Opening the file")
    if row.page_count == 1:
        return tr("Reading 1 page")
    line = tr("{done} of {count} pages").format(done=row.pages_ended, count=row.page_count)
    if row.pages_failed:
        line += tr(", {count} not readable").format(count=row.pages_failed)
    return _with_time(line, row)


def _with_time(line: str, row: JobRow) -> str:
    left_s = row.seconds_left  # read once: it may be None a moment later
    return line if left_s is None else f"{line}, {time_left(left_s)}"


def time_left(seconds: float) -> str:
    """Return "about 3 min left", no more exact than an estimate is."""
    if seconds < _A_MINUTE_S:
        return tr("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < _HOURS_FROM_MIN:
        return tr("about {minutes} min left").format(minutes=minutes)
    return tr("about {hours} h left").format(hours=round(minutes / 60))


def _paused(row: JobRow) -> str:
    if row.job_id is None:
        return tr("Paused, not sent yet")
    if row.page_count and row.pages_done:
        return tr("Paused, {done} of {count} pages read").format(done=row.pages_done, count=row.page_count)
    return tr("Paused")


def _finished(row: JobRow) -> str:
    if row.page_count is None:
        return tr("Finished")
    if row.pages_failed:
        return tr("{done} of {count} pages read").format(done=row.pages_done, count=row.page_count)
    return tr("Finished, {pages}").format(pages=pages(row.page_count))


def spoken(row: JobRow) -> str:
    """Return the whole row for a screen reader."""
    return ", ".join((row.file_name, state_line(row), *row.warnings))


def when(row: JobRow, now: datetime | None = None) -> str:
    """Return the time of day for today's jobs, the date for older ones, in the user's time zone and format."""
    local = row.created_at.astimezone()
    today = (now or datetime.now(local.tzinfo)).astimezone(local.tzinfo).date()
    if local.date() == today:
        return QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
    return QLocale().toString(QDate(local.year, local.month, local.day), QLocale.FormatType.ShortFormat)


def size(size_bytes: int) -> str:
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def details(row: JobRow) -> str:
    """Return the line under the file's name above its text: state, size and warnings."""
    parts = [_finished(row) if row.state is RowState.FINISHED else short_state(row)]
    if row.size_bytes:
        parts.append(size(row.size_bytes))
    return "  ·  ".join((*parts, *row.warnings))


def tool_tip(row: JobRow) -> str:
    """Return the lines shown over a row of the list: the file, its state, and warnings."""
    return "\n".join((str(row.path or row.file_name), state_line(row), *row.warnings))


def short_state(row: JobRow) -> str:
    """Return the state without its reason, which is shown beside it."""
    if row.state is RowState.FAILED:
        return tr("Failed")
    if row.state is RowState.REFUSED:
        return tr("Not accepted")
    return state_line(row)
