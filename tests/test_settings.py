"""Start-up options: what is read, what is refused, and that nothing else can happen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.addresses import parse_address
from vjdream.errors import SettingsError
from vjdream.frames import Size
from vjdream.settings import (
    LONG_SIDE,
    SHORT_SIDE,
    Settings,
    parse_fps,
    parse_size,
)


@pytest.mark.parametrize("text", ["1280x720", "1280X720", "1280×720"])
def test_a_size_may_be_written_in_several_ways(text: str) -> None:
    assert parse_size(text) == Size(1280, 720)


@pytest.mark.parametrize("text", ["", "x", "1280", "1280x", "x720", "1280x720x3", "axb", "-1x720"])
def test_what_is_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="such as 1280x720, got"):
        parse_size(text)


def test_an_odd_width_is_refused_with_the_next_even_one() -> None:
    with pytest.raises(SettingsError, match=r"odd width.*use 1282x720"):
        parse_size("1281x720")


@pytest.mark.parametrize("text", ["126x720", "1280x127", "7682x720", "1280x7681", "0x0"])
def test_a_size_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="out of range"):
        parse_size(text)


@pytest.mark.parametrize("text", ["128x128", "7680x128", "128x7680", "130x131"])
def test_the_limits_themselves_are_allowed(text: str) -> None:
    assert str(parse_size(text)) == text


@given(st.text("0123456789x×²٣ .-+e", max_size=12) | st.text(max_size=12))
def test_any_text_is_a_size_or_refused(text: str) -> None:
    try:
        size = parse_size(text)
    except SettingsError:
        return
    assert SHORT_SIDE <= min(size.width, size.height) <= max(size.width, size.height) <= LONG_SIDE


@pytest.mark.parametrize("text", ["9" * 5000 + "x720", "²00x200"])
def test_digits_that_are_none_to_python_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "fps"),
    [("60", Fraction(60)), ("30000/1001", Fraction(30000, 1001)), ("23.976", Fraction(2997, 125))],
)
def test_a_rate_is_read_exactly(text: str, fps: Fraction) -> None:
    assert parse_fps(text) == fps


@pytest.mark.parametrize("text", ["", "fast", "60/0", "0/0", "nan", "inf", "1/2/3"])
def test_what_is_no_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match="such as 60 or 30000/1001"):
        parse_fps(text)


@pytest.mark.parametrize("text", ["0", "0.5", "241", "-60", "1000000"])
def test_a_rate_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="between 1 and 240"):
        parse_fps(text)


def test_an_address_is_a_host_and_a_port() -> None:
    assert parse_address("192.168.1.20:9000", "--feedback") == ("192.168.1.20", 9000)


@pytest.mark.parametrize(
    "text", ["", "9000", ":9000", "a:", "a:0", "a:65536", "a:b", "a:-1", "a:²"]
)
def test_half_an_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--feedback needs HOST:PORT"):
        parse_address(text, "--feedback")


@pytest.mark.parametrize(
    "size", [Size(1280, 720), Size(720, 1280), Size(1920, 1080), Size(128, 7680), Size(1000, 1000)]
)
def test_the_canvas_has_the_shape_of_the_output_and_is_large_enough(size: Size) -> None:
    canvas = Settings(size=size).canvas_size
    assert canvas.width / canvas.height == pytest.approx(size.width / size.height, rel=0.02)
    assert min(canvas.width, canvas.height) >= SHORT_SIDE


def test_the_usual_canvas_has_as_many_pixels_as_512x288() -> None:
    assert Settings(size=Size(1920, 1080)).canvas_size == Size(512, 288)


def test_a_canvas_that_was_asked_for_is_taken() -> None:
    assert Settings(canvas=Size(320, 256)).canvas_size == Size(320, 256)
