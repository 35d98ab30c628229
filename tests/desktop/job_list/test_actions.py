"""The actions on jobs are in menus and have shortcuts."""

from __future__ import annotations

from tests.desktop.conftest import Desktop


def test_everything_is_in_the_context_menu_and_has_keys(staged: Desktop) -> None:
    offered = staged.driver.job_list.actions()
    for name in ("pause", "resume", "retry", "move_up", "move_down", "move_top"):
        action = staged.driver.action(name)
        assert action in offered
        assert not action.shortcut().isEmpty()
