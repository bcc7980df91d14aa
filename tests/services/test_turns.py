"""Whoever waits longest is next, and whoever gives up does not hold up the others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from app.store.turns import InHand, InHandError, Turns, WaitedTooLongError


def test_each_gets_it_in_the_order_of_asking() -> None:
    turns, order = Turns(), list[int]()
    asked = [Event() for _ in range(6)]

    def take(number: int) -> None:
        asked[number].set()
        with turns.waiting(30):
            order.append(number)

    with ThreadPoolExecutor(6) as pool, turns.waiting(0):
        for number in range(6):
            pool.submit(take, number)
            assert asked[number].wait(30)
            while len(turns._queue) < number + 2:
                pass
    assert order == list(range(6))


def test_several_places_are_given_in_the_order_of_asking() -> None:
    turns = Turns(2)
    with turns.waiting(0), turns.waiting(0), pytest.raises(WaitedTooLongError), turns.waiting(0.01):
        pytest.fail("held three times")
    with turns.waiting(0):
        with turns.waiting(0):
            pass
        with turns.waiting(0):
            pass


def test_whoever_lets_go_and_asks_again_stands_at_the_end() -> None:
    """The hog that asks again at once does not keep it from somebody who waits."""
    turns, is_served = Turns(), Event()

    def hog() -> int:
        rounds = 0
        while not is_served.is_set() and rounds < 100_000:
            with turns.waiting(30):
                rounds += 1
        return rounds

    with ThreadPoolExecutor(4) as pool:
        hogs = [pool.submit(hog) for _ in range(4)]
        with turns.waiting(30):
            is_served.set()
        assert all(each.result() < 100_000 for each in hogs)


def test_whoever_gives_up_does_not_hold_up_the_others() -> None:
    turns = Turns()
    with turns.waiting(0), pytest.raises(WaitedTooLongError), turns.waiting(0.01):
        pytest.fail("held twice")
    with turns.waiting(0):
        pass


def test_an_error_gives_it_back() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.waiting(0):
        _ = 1 / 0
    with turns.waiting(0):
        pass


def test_what_somebody_has_in_hand_is_refused_to_others_until_they_let_go() -> None:
    in_hand = InHand()
    with in_hand.holding("a"), in_hand.holding("b"):
        with pytest.raises(InHandError), in_hand.holding("a"):
            pytest.fail("held twice")
        with pytest.raises(InHandError), in_hand.holding("a"):
            pytest.fail("whoever was refused has let go of it")
    with pytest.raises(ZeroDivisionError), in_hand.holding("a"):
        raise ZeroDivisionError
    with in_hand.holding("a"):
        pass
