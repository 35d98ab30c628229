"""One request at a time has the turn, and owners alternate."""

from __future__ import annotations

import asyncio

import pytest

from ocrdesk_api.results.turns import Turns


def order_of(*owners: str) -> list[str]:
    """Return the owners in the order of their turns, when they ask in the order given, all at once."""
    done: list[str] = []

    async def take(turns: Turns, owner: str) -> None:
        async with turns.turn(owner):
            before = len(done)
            await asyncio.sleep(0)
            assert len(done) == before, "another one has the turn, too"
            done.append(owner)

    async def take_all() -> None:
        turns = Turns()
        await asyncio.gather(*(take(turns, owner) for owner in owners))
        assert vars(turns)["_places"] == {}, "nothing stays of owners who have gone"

    asyncio.run(take_all())
    return done


def test_an_owner_with_one_request_waits_for_one_of_another_and_not_for_all() -> None:
    order = order_of(*["ann"] * 20, "bob")
    assert order.index("bob") <= 2
    assert len(order) == 21


def test_requests_of_one_owner_come_in_their_order() -> None:
    assert order_of("ann", "ann", "ann") == ["ann"] * 3


def test_a_turn_that_is_given_up_goes_to_the_next() -> None:
    async def check() -> None:
        turns = Turns()

        async def take() -> str:
            async with turns.turn("ann"):
                return "done"

        async with turns.turn("bob"):
            waiting = asyncio.create_task(take())
            behind = asyncio.create_task(take())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        assert await behind == "done"

    asyncio.run(check())
