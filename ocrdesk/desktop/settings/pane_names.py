"""Names of the panes."""

from __future__ import annotations

from enum import StrEnum


class PaneName(StrEnum):
    """In the order of the list. Other modules name a pane without loading it."""

    SERVERS = "servers"
    KEYS = "keys"
    LANGUAGES = "languages"
    WATCHED_FOLDERS = "watched-folders"
    BEHAVIOUR = "behaviour"
    APPEARANCE = "appearance"
    SHORTCUTS = "shortcuts"
    PRIVACY = "privacy"
