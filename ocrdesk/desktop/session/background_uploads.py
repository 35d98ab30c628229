"""What is kept of a server that is not shown just now: its rows, its uploads, and the connection that they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocrdesk.desktop.jobs.model import JobsModel
from ocrdesk.desktop.session.pending_files_saver import PendingFilesSaver
from ocrdesk.desktop.session.uploads import Uploads

if TYPE_CHECKING:
    from ocrdesk.desktop.servers.servers import Connection


@dataclass(slots=True)
class BackgroundUploads:
    """One server's part of the session, out of sight."""

    model: JobsModel
    uploads: Uploads
    keeper: PendingFilesSaver
    connection: Connection | None
    is_local: bool

    @property
    def has_local_work(self) -> bool:
        """Whether this machine's engine, which ends with its last user, still has jobs of ours."""
        return self.is_local and any(row.job_id and not row.state.is_over for row in self.model.rows())

    def return_to(self, model: JobsModel) -> None:
        """Puts the rows back where they are seen."""
        self.uploads.unpark(model)
        self.keeper.watch(model)
        self.model.move_all_to(model)


def park(
    model: JobsModel, uploads: Uploads, keeper: PendingFilesSaver, connection: Connection | None, *, is_local: bool
) -> BackgroundUploads:
    """Takes everything of one server out of the model that is shown."""
    aside = JobsModel(uploads)
    uploads.park(aside)
    keeper.watch(aside)
    model.move_all_to(aside)
    return BackgroundUploads(aside, uploads, keeper, connection, is_local)
