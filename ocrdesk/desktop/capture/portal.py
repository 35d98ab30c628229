"""Screenshots through the desktop portal: the only way on Wayland, where the user chooses the region in its dialog.

Nothing here blocks: the reply to the call and the portal's response, after the user has chosen, arrive as signals.
"""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtCore import SLOT, QObject, QUrl, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusPendingCallWatcher

from ocrdesk.desktop.intake.file_urls import path_of_url

SERVICE = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SCREENSHOT = "org.freedesktop.portal.Screenshot"
REQUEST = "org.freedesktop.portal.Request"
_DONE, _CANCELLED = 0, 1
_MISSING = "ServiceUnknown", "UnknownMethod", "UnknownInterface", "UnknownObject", "NameHasNoOwner", "Spawn"


class ScreenPortal(QObject):
    """Makes one request at a time; a new one replaces one that is still open."""

    captured = Signal(object)
    """The image file's path."""
    cancelled = Signal()
    failed = Signal(str)
    """Why there is no screenshot, and what to do."""

    def __init__(self, bus: QDBusConnection | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus or QDBusConnection.sessionBus()
        self._request = ""
        self._watcher: QDBusPendingCallWatcher | None = None

    def ask(self) -> None:
        """Open the desktop's own dialog for a screenshot."""
        if not self._bus.isConnected():
            self.failed.emit(self.tr("There is no session bus, so the screen cannot be captured."))
            return
        self.close()
        token = f"ocrdesk{uuid4().hex}"
        sender = self._bus.baseService().removeprefix(":").replace(".", "_")
        self._listen(f"{PATH}/request/{sender}/{token}")  # before the call: the answer may be faster than its reply
        call = QDBusMessage.createMethodCall(SERVICE, PATH, SCREENSHOT, "Screenshot")
        call.setArguments(["", {"interactive": True, "handle_token": token}])
        self._watcher = QDBusPendingCallWatcher(self._bus.asyncCall(call), self)
        self._watcher.finished.connect(self._on_reply)

    def close(self) -> None:
        """Withdraw an open request."""
        if self._request:
            self._bus.asyncCall(QDBusMessage.createMethodCall(SERVICE, self._request, REQUEST, "Close"))
            self._listen("")
        self._forget_watcher()

    def _listen(self, request: str) -> None:
        slot = SLOT("_on_response(uint,QVariantMap)")
        if self._request:
            self._bus.disconnect(SERVICE, self._request, REQUEST, "Response", self, slot)  # type: ignore[call-overload]  # SLOT() is text
        self._request = request
        if request:
            self._bus.connect(SERVICE, request, REQUEST, "Response", self, slot)  # type: ignore[call-overload]

    def _on_reply(self, watcher: QDBusPendingCallWatcher) -> None:
        """Handle the reply to the call: the portal has opened its dialog, or failed."""
        if watcher is not self._watcher:
            return
        reply = watcher.reply()
        self._forget_watcher()
        if reply.type() == QDBusMessage.MessageType.ErrorMessage:
            self._listen("")
            self.failed.emit(self._failure(reply.errorName(), reply.errorMessage()))
            return
        handle = reply.arguments()[0] if reply.arguments() else None
        if isinstance(handle, QDBusObjectPath) and self._request and handle.path() != self._request:
            self._listen(handle.path())  # portals before 0.9 choose the name themselves

    def _forget_watcher(self) -> None:
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None

    def _failure(self, name: str, message: str) -> str:
        if name.endswith(_MISSING) or ".Spawn." in name:
            return self.tr(
                "This desktop has no portal for screenshots. Install xdg-desktop-portal and the backend for your "
                "desktop (such as xdg-desktop-portal-gnome, -kde or -wlr), then log in again."
            )
        return self.tr("The desktop's portal returned no screenshot: {reason}").format(reason=message)

    @Slot("uint", "QVariantMap")
    def _on_response(self, code: int, results: dict[str, object]) -> None:
        """Handle the response: the user has chosen or cancelled, or was not asked."""
        self._listen("")
        path = path_of_url(QUrl(str(results.get("uri", ""))))
        if code == _CANCELLED:
            self.cancelled.emit()
        elif code == _DONE and path:
            self.captured.emit(path)
        else:
            self.failed.emit(
                self.tr(
                    "The desktop did not allow a screenshot. Allow screenshots for ocrdesk in the "
                    "system's settings, then try again from the window itself."
                )
            )
