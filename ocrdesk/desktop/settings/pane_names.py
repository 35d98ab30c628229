"""The names of the settings' panes, to ask for one without loading any."""

from __future__ import annotations

from enum import StrEnum


class PaneName(StrEnum):
    """In the order in which they are listed."""

    SERVERS = "servers"
    KEYS = "keys"
    LANGUAGES = "languages"
    WATCHED_FOLDERS = "watched-folders"
    BEHAVIOUR = "behaviour"
    APPEARANCE = "appearance"
    SHORTCUTS = "shortcuts"
    PRIVACY = "privacy"
