"""The form to register for a key."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGroupBox, QLineEdit, QVBoxLayout

from ocrdesk.desktop.settings.pane import Pane, add_field, beside, button, form
from ocrdesk.desktop.ui.object_names import name_objects


class Registration(QGroupBox):
    """Emits the e-mail address and the name; either may be empty."""

    register_wanted = Signal(str, str)

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self.setTitle(self.tr("Get a key"))
        self.setAccessibleName(self.title())
        self._email, self._name = QLineEdit(), QLineEdit()
        self._email.setPlaceholderText("ann@example.org")
        self._register = button(self.tr("Register"))
        name_objects(
            registration=self,
            registration_email=self._email,
            registration_name=self._name,
            registration_register=self._register,
        )
        fields = form()
        add_field(fields, self.tr("E-mail address"), self._email)
        add_field(fields, self.tr("Your name"), self._name)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addWidget(pane.note(self.tr("The server gives you a key immediately, and stores the address with it.")))
        layout.addLayout(fields)
        layout.addLayout(beside(self._register))
        self._register.clicked.connect(self._on_register)
        for field in (self._email, self._name):
            field.returnPressed.connect(self._on_register)

    def set_busy(self, is_busy: bool) -> None:
        """Disable the button while a registration is under way."""
        self._register.setEnabled(not is_busy)

    def _on_register(self) -> None:
        self.register_wanted.emit(self._email.text().strip(), self._name.text().strip())
