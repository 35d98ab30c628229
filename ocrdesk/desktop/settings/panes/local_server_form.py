"""The local server."""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QLabel, QSpinBox, QVBoxLayout, QWidget

from ocrdesk.desktop.session.local_server import LocalServerControl, LocalServerStatus
from ocrdesk.desktop.settings.pane import Notice, Pane, add_field, beside, button, form
from ocrdesk.desktop.ui.colours import Meaning
from ocrdesk.desktop.ui.object_names import name_objects
from ocrdesk.local.server.settings import DEFAULT_PORT, MAX_WORKERS, LocalServerSettings, page_limit_s


class LocalServerForm(QWidget):
    """Starts, stops and configures the local server."""

    def __init__(self, server: LocalServerControl, pane: Pane) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Local server"))
        self._server = server
        self._view: LocalServerStatus | None = None
        self._status = QLabel(self.tr("Checking…"))
        self._status.setAccessibleName(self._status.text())
        self._start, self._stop = button(self.tr("Start")), button(self.tr("Stop"))
        self._workers = QSpinBox(minimum=0, maximum=MAX_WORKERS)
        self._workers.setSpecialValueText(self.tr("One per core ({cores})").format(cores=os.cpu_count() or 1))
        self._share = QCheckBox(self.tr("Share it on the network; others need a key"))
        self._share.setAccessibleName(self._share.text())
        self._port = QSpinBox(minimum=1, maximum=65535, value=DEFAULT_PORT)
        self._apply = button(self.tr("Apply"))
        self._notice = Notice(self)
        self._sharing = pane.note(
            self.tr(
                "You create keys for other people under Keys. Data is not encrypted, so share the server only on a "
                "network that you trust. Others can use it while ocrdesk is open on this computer."
            )
        )
        self._page_limit = pane.note(self._page_limit_text())
        self._addresses = Notice(self)
        self._name_parts()
        fields = form()
        add_field(fields, self.tr("Workers"), self._workers)
        add_field(fields, self.tr("Port"), self._port)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._status)
        layout.addLayout(beside(self._start, self._stop))
        layout.addSpacing(8)
        layout.addWidget(self._share)
        layout.addWidget(self._sharing)
        layout.addWidget(self._addresses)
        layout.addLayout(fields)
        layout.addWidget(self._page_limit)
        layout.addLayout(beside(self._apply))
        layout.addWidget(self._notice)
        layout.addStretch()
        self._start.clicked.connect(lambda: self._do(self.tr("Starting…"), server.start))
        self._stop.clicked.connect(lambda: self._do(self.tr("Stopping…"), server.stop))
        self._apply.clicked.connect(lambda: self._do(self.tr("Restarting…"), lambda: server.apply(self._wanted())))
        self._share.toggled.connect(lambda _: self._update())
        self._workers.valueChanged.connect(lambda _: self._update())
        self._port.valueChanged.connect(lambda _: self._update())
        server.changed.connect(self._show)
        server.failed.connect(lambda why: self._notice.say(why, Meaning.BAD))
        self._update()

    def _page_limit_text(self) -> str:
        words = self.tr(
            "A page may need up to {seconds} s of processing; waiting does not count. The variable "
            "OCR_TIMEOUT_PER_PAGE raises this limit."
        )
        return words.format(seconds=f"{page_limit_s():g}")

    def _name_parts(self) -> None:
        name_objects(
            local_server_status=self._status,
            local_server_start=self._start,
            local_server_stop=self._stop,
            local_server_workers=self._workers,
            local_server_share=self._share,
            local_server_port=self._port,
            local_server_page_limit=self._page_limit,
            local_server_apply=self._apply,
            local_server_notice=self._notice,
            local_server_addresses=self._addresses,
        )

    def refresh(self) -> None:
        self._server.refresh()

    def _do(self, words: str, what: Callable[[], None]) -> None:
        self._notice.say("")
        self._status.setText(words)
        self._start.setEnabled(False)
        self._stop.setEnabled(False)
        what()

    def _show(self, view: LocalServerStatus) -> None:
        is_first = self._view is None or self._view.settings != view.settings
        self._view = view
        if is_first:
            self._workers.setValue(view.settings.workers)
            self._share.setChecked(view.settings.is_shared)
            self._port.setValue(view.settings.port)
        if not view.status.is_running:
            words = self.tr("Not running.")
        elif view.status.on_demand:
            words = self.tr("Running at {url}.").format(url=view.status.url)
        else:
            words = self.tr(
                "Running at {url}. It was started with “ocrdesk serve”, so stop and configure it there."
            ).format(url=view.status.url)
        self._status.setText(words)
        self._status.setAccessibleName(words)
        where = view.addresses if view.settings.is_shared and view.status.is_running else ()
        self._addresses.say(self.tr("Others can connect to {where}").format(where=", ".join(where)) if where else "")
        self._update()

    def _wanted(self) -> LocalServerSettings:
        return LocalServerSettings(self._workers.value(), self._share.isChecked(), self._port.value())

    def _update(self) -> None:
        status = self._view.status if self._view else None
        is_ours = status is None or not status.is_running or status.on_demand
        self._start.setEnabled(status is not None and not status.is_running)
        self._stop.setEnabled(status is not None and status.is_running and status.on_demand)
        self._port.setEnabled(self._share.isChecked())
        self._sharing.setVisible(self._share.isChecked())
        self._apply.setEnabled(is_ours and self._view is not None and self._wanted() != self._view.settings)
