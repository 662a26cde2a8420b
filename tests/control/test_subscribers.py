"""Leases and feedback, told the time and handed a recording `send`."""

import pytest

from tests.fakes import Recorder
from vjdream.control.subscribers import (
    A_SECOND,
    ERRORS_PER_SECOND,
    LEASE,
    MOST,
    SENT_AT_ONCE,
    Subscribers,
)
from vjdream.parameters import TABLE, State

ZOOM, PAN = TABLE["zoom"], TABLE["pan/x"]
ALICE, BOB, DESK = ("10.0.0.1", 50001), ("10.0.0.2", 50002), ("10.0.0.9", 9000)


@pytest.fixture
def send() -> Recorder:
    return Recorder()


@pytest.fixture
def subscribers(send: Recorder) -> Subscribers:
    made = Subscribers(send)
    made.subscribe(ALICE, 0, 0.0)
    made.subscribe(BOB, 0, 0.0)
    return made


def test_a_change_goes_to_everyone_but_its_author(subscribers: Subscribers, send: Recorder) -> None:
    subscribers.changed(ZOOM, 1.5, ALICE)
    subscribers.flush(1.0)
    assert send.sent == [("/vjdream/zoom", 1.5, BOB)]


def test_a_change_by_the_show_itself_goes_to_everyone(
    subscribers: Subscribers, send: Recorder
) -> None:
    subscribers.changed(ZOOM, 1.5, "preset")
    subscribers.flush(1.0)
    assert {receiver for _, _, receiver in send.sent} == {ALICE, BOB}


def test_a_flood_on_one_fader_becomes_its_last_value(
    subscribers: Subscribers, send: Recorder
) -> None:
    for value in (1.1, 1.2, 1.3):
        subscribers.changed(ZOOM, value, ALICE)
    subscribers.changed(PAN, 0.1, ALICE)
    subscribers.flush(1.0)
    assert send.to(BOB) == [("/vjdream/zoom", 1.3), ("/vjdream/pan/x", 0.1)]


def test_nothing_is_sent_twice(subscribers: Subscribers, send: Recorder) -> None:
    subscribers.changed(ZOOM, 1.5, ALICE)
    subscribers.flush(1.0)
    subscribers.flush(2.0)
    assert len(send.sent) == 1


def test_who_was_overruled_within_a_frame_is_told(subscribers: Subscribers, send: Recorder) -> None:
    subscribers.changed(ZOOM, 1.1, ALICE)
    subscribers.changed(ZOOM, 1.9, BOB)
    subscribers.flush(1.0)
    assert send.to(ALICE) == [("/vjdream/zoom", 1.9)]


def test_a_subscriber_may_ask_for_another_port_of_its_own_host(send: Recorder) -> None:
    subscribers = Subscribers(send)
    subscribers.subscribe(ALICE, 9000, 0.0)
    assert subscribers.receivers(1.0) == [("10.0.0.1", 9000)]


def test_an_author_who_listens_on_another_port_is_not_echoed(send: Recorder) -> None:
    subscribers = Subscribers(send)
    subscribers.subscribe(ALICE, 9000, 0.0)
    subscribers.changed(ZOOM, 1.5, ALICE)
    subscribers.flush(1.0)
    assert send.sent == []


def test_a_lease_ends_after_a_minute(subscribers: Subscribers) -> None:
    assert subscribers.receivers(LEASE - 0.001) == [ALICE, BOB]
    assert subscribers.receivers(LEASE + 0.001) == []


def test_any_message_renews_the_lease_of_its_sender_alone(subscribers: Subscribers) -> None:
    subscribers.heard(ALICE, 30.0)
    assert subscribers.receivers(LEASE + 1) == [ALICE]


def test_a_message_renews_the_lease_of_the_port_asked_for(send: Recorder) -> None:
    subscribers = Subscribers(send)
    subscribers.subscribe(ALICE, 9000, 0.0)
    subscribers.heard(ALICE, 50.0)
    assert subscribers.receivers(LEASE + 1) == [("10.0.0.1", 9000)]


def test_what_the_show_says_to_itself_renews_nothing(subscribers: Subscribers) -> None:
    subscribers.heard("preset", 50.0)
    assert subscribers.receivers(LEASE + 1) == []


def test_subscribing_again_takes_no_second_place(subscribers: Subscribers) -> None:
    subscribers.subscribe(ALICE, 0, 1.0)
    assert subscribers.receivers(2.0) == [ALICE, BOB]


def test_the_places_are_counted(send: Recorder) -> None:
    subscribers = Subscribers(send)
    taken = [subscribers.subscribe(("10.0.1.1", 1000 + n), 0, 0.0) for n in range(MOST + 1)]
    assert taken == [True] * MOST + [False]


def test_a_place_is_free_again_after_its_lease(send: Recorder) -> None:
    subscribers = Subscribers(send)
    for number in range(MOST):
        subscribers.subscribe(("10.0.1.1", 1000 + number), 0, 0.0)
    assert subscribers.subscribe(ALICE, 0, LEASE + 1)


def test_who_has_a_place_keeps_it_when_all_are_taken(send: Recorder) -> None:
    subscribers = Subscribers(send)
    for number in range(MOST):
        subscribers.subscribe(("10.0.1.1", 1000 + number), 0, 0.0)
    assert subscribers.subscribe(("10.0.1.1", 1000), 0, 1.0)


def test_a_permanent_receiver_needs_no_lease(send: Recorder) -> None:
    subscribers = Subscribers(send, [DESK])
    subscribers.changed(ZOOM, 1.5, ALICE)
    subscribers.flush(10 * LEASE)
    assert send.sent == [("/vjdream/zoom", 1.5, DESK)]


def test_a_permanent_receiver_that_subscribes_is_told_once(send: Recorder) -> None:
    subscribers = Subscribers(send, [DESK])
    subscribers.subscribe(DESK, 0, 0.0)
    subscribers.changed(ZOOM, 1.5, ALICE)
    subscribers.flush(1.0)
    assert len(send.sent) == 1


def test_sync_sends_every_value_once(subscribers: Subscribers, send: Recorder) -> None:
    subscribers.sync(State(zoom=1.5), "eyes", ALICE)
    subscribers.flush(1.0)
    addresses = [address for address, _ in send.to(ALICE)]
    assert addresses == [*(p.address for p in TABLE.values()), "/vjdream/state/preset"]
    assert ("/vjdream/zoom", 1.5) in send.to(ALICE)
    assert ("/vjdream/state/preset", "eyes") in send.to(ALICE)
    assert send.to(BOB) == []


def test_much_to_tell_is_spread_over_frames_and_everyone_gets_his_turn(send: Recorder) -> None:
    subscribers = Subscribers(send)
    surfaces = [("10.0.1.1", 1000 + number) for number in range(MOST)]
    for surface in surfaces:
        subscribers.subscribe(surface, 0, 0.0)
        subscribers.sync(State(), "", surface)
    told = []
    for _ in range(20):
        before = len(send.sent)
        subscribers.changed(ZOOM, 1.0 + len(told) / 100, "preset")
        subscribers.flush(1.0)
        told.append(len(send.sent) - before)
    assert max(told) == SENT_AT_ONCE
    for surface in surfaces:
        heard = send.to(surface)
        assert {p.address for p in TABLE.values()} <= {address for address, _ in heard}
    assert sum(told) <= (len(TABLE) + 1) * MOST + 20 * MOST


def test_asking_again_and_again_for_all_values_costs_no_more_than_once(
    subscribers: Subscribers, send: Recorder
) -> None:
    for _ in range(100):
        subscribers.sync(State(), "eyes", ALICE)
    subscribers.flush(1.0)
    assert len(send.sent) == len(TABLE) + 1


def test_whose_lease_has_ended_is_not_told_what_waited(
    subscribers: Subscribers, send: Recorder
) -> None:
    subscribers.changed(ZOOM, 1.5, ALICE)
    subscribers.flush(LEASE + 1)
    subscribers.subscribe(BOB, 0, LEASE + 2)
    subscribers.flush(LEASE + 3)
    assert send.sent == []


def test_a_report_goes_to_everyone(subscribers: Subscribers, send: Recorder) -> None:
    subscribers.report("/vjdream/state/fps", 60.0, 1.0)
    assert send.sent == [("/vjdream/state/fps", 60.0, ALICE), ("/vjdream/state/fps", 60.0, BOB)]


def test_errors_are_told_five_times_a_second_at_most(subscribers: Subscribers) -> None:
    told = [subscribers.error("wrong", 1.0 + n / 100) for n in range(20)]
    assert sum(told) == ERRORS_PER_SECOND == 5
    assert subscribers.error("wrong", 1.01 + A_SECOND)


def test_an_error_of_any_length_fits_a_packet(subscribers: Subscribers, send: Recorder) -> None:
    subscribers.error("x" * 100_000, 1.0)
    [(address, sentence)] = send.to(ALICE)
    assert address == "/vjdream/state/error"
    assert isinstance(sentence, str)
    assert len(sentence) <= 1000


def test_who_moves_a_value_from_0_to_1_hears_of_it_so(
    subscribers: Subscribers, send: Recorder
) -> None:
    subscribers.heard(ALICE, 0.0, "/vjdream/norm/zoom")
    subscribers.heard(ALICE, 0.0, "/vjdream/norm/nonsense")
    subscribers.changed(ZOOM, 2.0, BOB)
    subscribers.flush(1.0)
    assert send.sent == [("/vjdream/zoom", 2.0, ALICE), ("/vjdream/norm/zoom", 1.0, ALICE)]
    subscribers.changed(ZOOM, 0.5, ALICE)
    subscribers.flush(2.0)
    assert send.sent[2:] == [("/vjdream/zoom", 0.5, BOB)]


def test_sync_tells_values_from_0_to_1_to_who_moves_them_so(
    subscribers: Subscribers, send: Recorder
) -> None:
    subscribers.heard(ALICE, 0.0, "/vjdream/norm/zoom")
    subscribers.sync(State(zoom=1.0), "", ALICE, {"/vjdream/slot/1": 3})
    subscribers.sync(State(), "", BOB)
    subscribers.flush(1.0)
    told = dict(send.to(ALICE))
    assert told["/vjdream/norm/zoom"] == pytest.approx(0.5)
    assert told["/vjdream/slot/1"] == 3
    assert "/vjdream/norm/zoom" not in dict(send.to(BOB))


def test_a_tablet_that_listens_elsewhere_is_not_told_what_it_has_sent(send: Recorder) -> None:
    tablet, own = ("10.0.0.9", 9000), ("127.0.0.1", 9000)
    subscribers = Subscribers(send, (tablet, own))
    subscribers.changed(ZOOM, 1.5, ("10.0.0.9", 51234))
    subscribers.flush(1.0)
    assert send.sent == [("/vjdream/zoom", 1.5, own)]
    subscribers.changed(ZOOM, 1.25, ("127.0.0.1", 51234))  # perhaps another program
    subscribers.flush(2.0)
    assert {receiver for _, _, receiver in send.sent[1:]} == {tablet, own}


def test_a_host_that_advertises_where_it_listens_is_told_there_too(send: Recorder) -> None:
    subscribers = Subscribers(send)
    subscribers.advertised = {ALICE[0]: 9000}
    assert subscribers.subscribe(ALICE, 0, 0.0)
    assert subscribers.subscribe(BOB, 0, 0.0)
    subscribers.changed(ZOOM, 1.5, BOB)
    subscribers.flush(1.0)
    assert {receiver for _, _, receiver in send.sent} == {ALICE, (ALICE[0], 9000)}
    subscribers.changed(ZOOM, 1.25, ALICE)
    subscribers.flush(2.0)
    assert [receiver for _, _, receiver in send.sent[2:]] == [BOB]


def test_who_asks_for_a_port_is_told_there_and_nowhere_else(send: Recorder) -> None:
    subscribers = Subscribers(send)
    subscribers.advertised = {ALICE[0]: 9000}
    subscribers.subscribe(ALICE, 8000, 0.0)
    assert subscribers.receivers(0.0) == [(ALICE[0], 8000)]
