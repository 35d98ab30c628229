"""The notice that a text looks like another language than it was recognised in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ocrdesk.desktop.ui import colours
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects


class LanguageNotice(QWidget):
    """Hidden until a language is shown, and once the user has answered."""

    again_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Language"))
        self._text = QLabel(wordWrap=True)
        self._again, self._dismiss = QPushButton(), QPushButton(self.tr("Leave it"))
        self._dismiss.setAccessibleName(self._dismiss.text())
        self._again.clicked.connect(self.again_wanted)
        self._dismiss.clicked.connect(self.dismissed)
        name_objects(
            language_notice=self,
            language_notice_text=self._text,
            language_notice_again=self._again,
            language_notice_dismiss=self._dismiss,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        for button in (self._again, self._dismiss):
            button.setMinimumHeight(32)
            layout.addWidget(button)
        self.hide()

    def show_language(self, language: str) -> None:
        """Say that the text looks like this language, by Tesseract's name."""
        name = self._name(language)
        text = self.tr("This looks like {language}.").format(language=name)
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._again.setText(self.tr("Recognise again in {language}").format(language=name))
        self._again.setAccessibleName(self._again.text())
        self.show()

    def _name(self, language: str) -> str:
        names = {
            "eng": self.tr("English"),
            "deu": self.tr("German"),
            "fra": self.tr("French"),
            "spa": self.tr("Spanish"),
            "ita": self.tr("Italian"),
            "por": self.tr("Portuguese"),
            "nld": self.tr("Dutch"),
            "swe": self.tr("Swedish"),
            "dan": self.tr("Danish"),
            "nor": self.tr("Norwegian"),
            "pol": self.tr("Polish"),
            "ces": self.tr("Czech"),
            "fin": self.tr("Finnish"),
            "tur": self.tr("Turkish"),
            "hun": self.tr("Hungarian"),
            "ron": self.tr("Romanian"),
        }
        return names.get(language, language)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), colours.tint(palette, colours.meaning(palette, Meaning.WAIT), 0.15))
        painter.end()
