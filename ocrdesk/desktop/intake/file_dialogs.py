"""Native file dialogs; they do not block the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from ocrdesk.contract.media_types import SUFFIXES


def ask_files(parent: QWidget, folder: str, chosen: Callable[[Sequence[Path]], None]) -> QFileDialog:
    dialog = _dialog(parent, _tr("Open files"), folder, chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    endings = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in SUFFIXES)
    dialog.setNameFilters([_tr("PDFs and images ({endings})").format(endings=endings), _tr("All files (*)")])
    dialog.open()
    return dialog


def ask_folder(parent: QWidget, folder: str, chosen: Callable[[Sequence[Path]], None]) -> QFileDialog:
    dialog = _dialog(parent, _tr("Open folder"), folder, chosen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, folder: str, chosen: Callable[[Sequence[Path]], None]) -> QFileDialog:
    dialog = QFileDialog(parent, title, folder)
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _tr(text: str) -> str:
    return QCoreApplication.translate("FileDialogs", text)
