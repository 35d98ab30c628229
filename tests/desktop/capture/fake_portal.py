"""A scripted desktop portal: answers one request for a screenshot as its arguments say. Runs on the private bus.

python fake_portal.py (done|cancelled|denied|old) [FILE]
"""

from __future__ import annotations

import sys

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath

CODES = {"done": 0, "old": 0, "cancelled": 1, "denied": 2}


@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.Request"})
class Request(QObject):
    Response = Signal("uint", "QVariantMap")


@ClassInfo({"D-Bus Interface": "org.freedesktop.portal.Screenshot"})
class Portal(QObject):
    def __init__(self, part: str, file: str) -> None:
        super().__init__()
        self._part, self._file = part, file
        self._bus = QDBusConnection.sessionBus()
        self._requests: list[Request] = []

    @Slot(str, "QVariantMap", QDBusMessage, result="QDBusObjectPath")
    def Screenshot(  # noqa: N802  # the portal's own name
        self, _window: str, options: dict[str, object], message: QDBusMessage
    ) -> QDBusObjectPath:
        assert options["interactive"] is True
        sender = message.service().removeprefix(":").replace(".", "_")
        name = "of_my_own" if self._part == "old" else options["handle_token"]
        path = f"/org/freedesktop/portal/desktop/request/{sender}/{name}"
        request = Request()
        self._requests.append(request)
        self._bus.registerObject(path, request, QDBusConnection.RegisterOption.ExportAllSignals)
        results = {"uri": QUrl.fromLocalFile(self._file).toString()} if CODES[self._part] == 0 else {}
        QTimer.singleShot(100, lambda: request.Response.emit(CODES[self._part], results))
        return QDBusObjectPath(path)


def main() -> None:
    app = QCoreApplication(sys.argv)
    portal = Portal(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
    bus = QDBusConnection.sessionBus()
    everything = QDBusConnection.RegisterOption.ExportAllSlots
    assert bus.registerObject("/org/freedesktop/portal/desktop", portal, everything)
    assert bus.registerService("org.freedesktop.portal.Desktop")
    print("here", flush=True)
    app.exec()


if __name__ == "__main__":
    main()
