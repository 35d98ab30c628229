"""Light or dark."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from ocrdesk.desktop.settings.context import Context
from ocrdesk.desktop.settings.pane import Pane
from ocrdesk.desktop.ui.colour_scheme import Scheme, apply_scheme, read_scheme, write_scheme


class AppearancePane(Pane):
    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Appearance"), parent)
        self._store = context.store
        self._group = QButtonGroup(self)
        self.buttons: dict[Scheme, QRadioButton] = {}
        for scheme, words in (
            (Scheme.SYSTEM, self.tr("Same as the system")),
            (Scheme.LIGHT, self.tr("Light")),
            (Scheme.DARK, self.tr("Dark")),
        ):
            choice = QRadioButton(words)
            choice.setAccessibleName(words)
            choice.setObjectName(f"appearance_{scheme.name.lower()}")
            choice.setMinimumHeight(28)
            choice.setChecked(scheme is read_scheme(self._store))
            choice.toggled.connect(lambda is_on, scheme=scheme: self._choose(scheme) if is_on else None)
            self._group.addButton(choice)
            self.buttons[scheme] = choice
            self.body.addWidget(choice)
        self.body.addStretch()

    def _choose(self, scheme: Scheme) -> None:
        write_scheme(self._store, scheme)
        apply_scheme(scheme)
