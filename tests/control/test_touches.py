"""A machine that repeats itself is no hand; a hand that presses again is one."""

import pytest

from vjdream.control.touches import MACHINE, MOST, QUICK, Touches
from vjdream.messages import Argument, Message, Sender

CHOP = ("10.0.0.2", 9000)
SURFACE = ("10.0.0.3", 9000)
FRAME = 1 / 60


def message(
    time: float, *arguments: Argument, address: str = "/vjdream/zoom", sender: Sender = CHOP
) -> Message:
    return Message(time, address, arguments, sender)


def touches(*messages: Message, trigger: bool = False) -> list[bool]:
    """Send messages; return which of them are touches."""
    made = Touches()
    results = []
    for one in messages:
        results.append(not made.repeats(one, trigger))
        if results[-1]:
            made.remember(one)
    return results


def test_a_value_that_is_repeated_sixty_times_a_second_is_one_touch() -> None:
    assert sum(touches(*(message(n * FRAME, 1.5) for n in range(600)))) == 1


def test_every_new_value_is_a_touch() -> None:
    assert all(touches(*(message(n * FRAME, 1 + n / 1000) for n in range(100))))


def test_the_same_value_after_a_while_is_a_hand_that_means_it() -> None:
    assert all(touches(*(message(n * 1.01 * QUICK, "eye") for n in range(50))))


def test_a_machine_that_pauses_goes_on_without_a_touch() -> None:
    busy = [message(n * FRAME, 1.5) for n in range(MACHINE + 1)]
    assert sum(touches(*busy, message(5.0, 1.5), message(12.0, 1.5))) == 1


def test_a_hand_that_has_hit_a_button_many_times_is_no_machine_later() -> None:
    hits = [message(n * 0.2, 1) for n in range(20)]
    assert touches(*hits, message(100.0, 1))[-1]


def test_a_sender_of_every_value_twice_is_no_machine() -> None:
    twice = [message(n // 2, n // 2 % 2) for n in range(200)]
    assert sum(touches(*twice)) == 100


def test_what_another_has_changed_meanwhile_can_soon_be_set_again() -> None:
    off = message(0.2, 0, sender=SURFACE)
    assert touches(message(0.0, 1), off, message(0.4, 1)) == [True, True, True]


def test_a_machine_that_holds_a_trigger_may_stumble() -> None:
    held = [message(n * FRAME + (n > 100) * 0.5, 1.0) for n in range(200)]
    assert sum(touches(*held, trigger=True)) == 1


def test_a_machine_is_believed_when_its_value_changes() -> None:
    busy = [message(n * FRAME, 1.5) for n in range(100)]
    assert touches(*busy, message(2.0, 1.6))[-1]


def test_a_repetition_after_another_ones_move_is_no_touch() -> None:
    moved = message(0.45, 1.2, sender=SURFACE)
    assert touches(message(0.4, 1.5), moved, message(0.5, 1.5)) == [True, True, False]


@pytest.mark.parametrize(
    "other", [message(0.1, 1.5, sender=SURFACE), message(0.1, 1.5, address="/vjdream/blur")]
)
def test_senders_and_addresses_are_kept_apart(other: Message) -> None:
    assert touches(message(0.0, 1.5), other) == [True, True]


def test_a_trigger_that_is_held_down_fires_once() -> None:
    held = (message(n * FRAME, 1.0) for n in range(300))
    assert sum(touches(*held, trigger=True)) == 1


def test_a_pad_may_be_hit_five_times_a_second_without_a_release() -> None:
    assert all(touches(*(message(n / 5, 1) for n in range(50)), trigger=True))


def test_a_button_with_release_fires_as_fast_as_it_is_pressed() -> None:
    assert all(touches(*(message(n * FRAME, n % 2) for n in range(50)), trigger=True))


def test_memory_has_an_end_and_the_oldest_goes_first() -> None:
    made = Touches()
    for number in range(MOST + 1):
        made.remember(message(0.0, 1, address=f"/{number}"))
    assert not made.repeats(message(0.1, 1, address="/0"), False)
    assert made.repeats(message(0.1, 1, address=f"/{MOST}"), False)
