"""The page's pure modules against the Python that they repeat."""

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.surfaces.page.browser import Browser, Page
from tests.surfaces.page.fake_server import FakeServer
from vjdream import parameters
from vjdream.packets import encode_message, parse
from vjdream.parameters import TABLE, as_plain

NUMBERS = [line for line in as_plain() if "minimum" in line]
MESSAGES: list[tuple[str, str, list[Any]]] = [
    ("/vjdream/zoom", "f", [1.25]),
    ("/vjdream/steps", "i", [-7]),
    ("/vjdream/class/1", "s", ["galaxy"]),
    ("/vjdream/preset/load", "sf", ["cathedral", 4.0]),
    ("/a", "sss", ["", "abc", "schöne Träume – 夢"]),
    ("/numbers", "ihfd", [2**31 - 1, -(2**40), 0.5, 1 / 3]),
    ("/trigger", "", []),
]


@pytest.fixture(scope="module")
def page(browser: Browser, serving: FakeServer) -> Iterator[Page]:
    """One tab for all, because modules keep nothing."""
    page = browser.page()
    page.go(f"http://127.0.0.1:{serving.port}/ui/icon.svg")
    yield page
    page.close()


def run(page: Page, module: str, body: str) -> Any:
    """Evaluate a function's body with a module of the page as `m`."""
    return page.evaluate(f"import('/ui/{module}').then((m) => {{ {body} }})")


@pytest.mark.parametrize(("address", "types", "values"), MESSAGES)
def test_messages_leave_as_the_engines_own_codec_writes_them(
    page: Page, address: str, types: str, values: list[Any]
) -> None:
    shown = ", ".join(
        f"{v}n" if t == "h" else json.dumps(v) for t, v in zip(types, values, strict=True)
    )
    told = run(page, "osc.js", f"return [...m.encode('{address}', '{types}', [{shown}])]")
    assert bytes(told) == encode_message(address, types, values)
    assert [parse(bytes(told))[0][0]] == [address]


@pytest.mark.parametrize(("address", "types", "values"), MESSAGES)
def test_messages_arrive_as_they_were_written(
    page: Page, address: str, types: str, values: list[Any]
) -> None:
    raw = list(encode_message(address, types, values))
    told = run(page, "osc.js", f"return m.decode(new Uint8Array({raw}))")
    assert told == {"address": address, "types": types, "values": values}


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
values_of = {
    "i": st.integers(-(2**31), 2**31 - 1),
    "h": st.integers(-(2**53) + 1, 2**53 - 1),  # as far as JavaScript's numbers are exact
    "f": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "d": st.floats(allow_nan=False, allow_infinity=False),
    "s": texts,
}
told = st.lists(
    st.sampled_from(sorted(values_of)).flatmap(lambda t: st.tuples(st.just(t), values_of[t])),
    max_size=6,
)


@given(name=texts, arguments=told)
@settings(max_examples=60, deadline=None)
def test_any_message_goes_through_both_codecs_unchanged(
    page: Page, name: str, arguments: list[tuple[str, Any]]
) -> None:
    types = "".join(t for t, _ in arguments)
    values = [value for _, value in arguments]
    raw = encode_message(f"/{name}", types, values)
    body = f"const one = m.decode(new Uint8Array({list(raw)}));"
    body += "return [one, [...m.encode(one.address, one.types, one.values)]];"
    one, again = run(page, "osc.js", body)
    assert one == {"address": f"/{name}", "types": types, "values": values}
    assert bytes(again) == raw


@given(place=st.integers(0, 43), byte=st.integers(0, 255), cut=st.integers(0, 44))
@settings(max_examples=80, deadline=None)
def test_a_broken_message_is_refused_or_is_exactly_what_it_says(
    page: Page, place: int, byte: int, cut: int
) -> None:
    raw = bytearray(encode_message("/vjdream/class/1", "sii", ("galaxy", 3, 70_000)))
    assert len(raw) == 44
    raw[place] = byte
    broken = bytes(raw[:cut]) if cut else bytes(raw)
    again = run(
        page,
        "osc.js",
        f"""let one;
        try {{ one = m.decode(new Uint8Array({list(broken)})); }} catch {{ return null; }}
        if (one.values.some((value) => value !== value)) return null;
        return [...m.encode(one.address, one.types, one.values)];""",
    )
    assert again is None or bytes(again) == broken


def test_booleans_have_no_data(page: Page) -> None:
    told = run(page, "osc.js", "return m.decode(m.encode('/a', 'TF', [true, false])).values")
    assert told == [True, False]


def test_no_message_that_is_cut_lengthened_or_changed_is_taken_for_another(page: Page) -> None:
    whole = encode_message("/vjdream/class/1", "sif", ("galaxy", 3, 0.5))
    broken = [whole[:n] for n in range(len(whole))]
    broken += [whole + b"\0\0\0\0", whole.replace(b",sif", b",six"), whole.replace(b"/v", b"vv", 1)]
    broken += [whole.replace(b"y\0\0", b"y\0z"), whole.replace(b"gal", b"g\xffl")]
    refused = run(
        page,
        "osc.js",
        f"""return {[list(one) for one in broken]}.map((bytes) => {{
            try {{ return m.decode(new Uint8Array(bytes)); }} catch {{ return null; }}
        }})""",
    )
    assert refused == [None] * len(broken)


@pytest.mark.parametrize(
    "told", ["'/a', 'i', [0.5]", "'/a', 'f', ['x']", "'/a', 'f', [NaN]", "'/a', 's', ['a\\0b']",
             "'a', '', []", "'/a', 'ff', [1]", "'/a', 'x', [1]", "'/a', 'i', [2147483648]"],
)  # fmt: skip
def test_what_is_no_message_is_not_written(page: Page, told: str) -> None:
    refused = run(
        page, "osc.js", f"try {{ m.encode({told}); return false; }} catch {{ return true; }}"
    )
    assert refused


def test_sliders_follow_the_curve_of_every_parameter(page: Page) -> None:
    """Positions are those of `Parameter.normalised`, whatever the curve."""
    shares = [0.0, 0.25, 0.5, 0.9, 1.0]
    asked = [[line, [TABLE[line["name"]].denormalised(s) for s in shares]] for line in NUMBERS]
    positions = run(
        page, "curve.js",
        f"return {json.dumps(asked)}"
        ".map(([line, values]) => values.map((value) => m.position(line, value)))",
    )  # fmt: skip
    for line, found in zip(NUMBERS, positions, strict=True):
        assert found == pytest.approx(shares, abs=1e-9), line["name"]


def test_values_from_sliders_are_near_the_curve_and_inside_the_range(page: Page) -> None:
    shares = [0.0, 0.001, 0.333, 0.75, 1.0]
    told = run(
        page, "curve.js",
        f"return {json.dumps(NUMBERS)}.map((line) =>"
        f" {shares}.map((share) => m.valueAt({{...line, wraps: false}}, share)))",
    )  # fmt: skip
    for line, found in zip(NUMBERS, told, strict=True):
        parameter = TABLE[line["name"]]
        step = 1.0 if line["kind"] == "integer" else (line["maximum"] - line["minimum"]) / 1000
        for share, value in zip(shares, found, strict=True):
            assert line["minimum"] <= value <= line["maximum"]
            assert math.isclose(value, parameter.denormalised(share), abs_tol=step)


def test_every_default_is_shown_in_full(page: Page) -> None:
    told = run(
        page, "curve.js",
        f"return {json.dumps(NUMBERS)}.map((line) => m.typed(line, m.written(line, line.default)))",
    )  # fmt: skip
    assert told == [line["default"] for line in NUMBERS]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("zoom", "1.1", 1.1), ("zoom", " 0,9 ", 0.9), ("zoom", "7", 2), ("zoom", "fast", None),
     ("zoom", "1e5", None), ("zoom", "", None), ("grade/hue", "−30", -30),
     ("grade/hue", "190", -170), ("split/angle", "-90", 270), ("steps", "3.6", 4),
     ("rotate", "-999", -180)],
)  # fmt: skip
def test_typed_numbers_are_understood_or_refused(
    page: Page, name: str, text: str, value: float | None
) -> None:
    line = next(line for line in NUMBERS if line["name"] == name)
    told = run(page, "curve.js", f"return m.typed({json.dumps(line)}, {json.dumps(text)})")
    assert told == value


CLASSES = [
    {"slug": "galaxy", "name": "Galaxy", "synonyms": ["spiral_nebula", "milky way"]},
    {"slug": "spiral", "name": "Spiral", "synonyms": ["coil"]},
    {"slug": "sea_gull", "name": "Sea gull", "synonyms": ["gull"]},
    {"slug": "gala", "name": "Gala", "synonyms": []},
    {"slug": "cafe", "name": "Café", "synonyms": ["sea"]},
]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [("gala", ["gala", "galaxy"]), ("galaxy", ["galaxy"]), ("SPIRAL", ["spiral", "galaxy"]),
     ("gull", ["sea_gull"]), ("sea", ["cafe", "sea_gull"]), ("cafe", ["cafe"]), ("way", ["galaxy"]),
     ("sea-g", ["sea_gull"]), ("xyz", [])],
)  # fmt: skip
def test_a_class_is_found_by_name_then_synonym_then_beginning(
    page: Page, text: str, slugs: list[str]
) -> None:
    told = run(
        page, "search.js",
        f"return m.search({json.dumps(CLASSES)}, {json.dumps(text)}).map((one) => one.slug)",
    )  # fmt: skip
    assert told == slugs


def test_shapes_have_as_many_regions_as_in_the_table(page: Page) -> None:
    assert run(page, "regions.js", "return m.REGIONS") == parameters.REGIONS
