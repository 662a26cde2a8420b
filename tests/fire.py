"""Hostile and unlucky datagrams: what a broken controller, a port scan or a bored guest may send.

The same seed gives the same datagrams. Some are good messages; those set only what costs neither
stage nor dreamer any time (`HARMLESS`), so that a show under fire can be compared with the same
show without. Everything else is only ever sent values that nobody can use.
"""

import math
import struct
from collections.abc import Callable, Iterator
from random import Random

from osc_client import bundle, message

LARGEST = 65507
HARMLESS = ("weight/1", "weight/2", "strength", "suppress", "prior", "colour", "seeds", "balance")
UNTOUCHED = (
    *("master", "blackout", "hold", "glide", "keyframes", "steps", "mode", "norm/master"),
    *("zoom", "rotate", "pan/x", "pan/y", "split/shape", "grade/hue", "layer", "channel"),
)
WORDS = ("fire", "bee", "jellyfish", "volcano", "firre", "", "Ähre", "🔥🐝", "日本語", "../../etc")
NAMES = (*HARMLESS, *UNTOUCHED, "class/1", "classes")


def padded(raw: bytes) -> bytes:
    return raw + b"\0" * (4 - len(raw) % 4)


def packet(address: str | bytes, tags: str, body: bytes = b"") -> bytes:
    """Return one message with exactly these type tags and this body, right or wrong."""
    raw = address.encode() if isinstance(address, str) else address
    return padded(raw) + padded(tags.encode()) + body


def _name(dice: Random) -> str:
    return f"/vjdream/{dice.choice(NAMES)}"


def _letters(dice: Random, count: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    return "".join(dice.choices(alphabet, k=count))


# -- no OSC ---------------------------------------------------------------------------------------


def random_bytes(dice: Random) -> bytes:
    start = dice.choice((b"", b"", b"/", b"#bundle\0", b"/vjdream/seeds\0\0,f"))
    return start + dice.randbytes(dice.choice((0, 1, 3, 4, 16, 100, 1000)))


def truncated(dice: Random) -> bytes:
    whole = bundle(good(dice), good(dice)) if dice.random() < 0.3 else good(dice)
    return whole[: dice.randrange(len(whole))]


def damaged(dice: Random) -> bytes:
    whole = bytearray(good(dice))
    whole[dice.randrange(len(whole))] ^= dice.randrange(1, 256)
    return bytes(whole)


def long_string(dice: Random) -> bytes:
    long = _letters(dice, 1) * 60_000
    if dice.random() < 0.3:
        return message(f"/{long}", 1.0)
    return message("/vjdream/class/1", long)


def wrong_tags(dice: Random) -> bytes:
    tags = dice.choice(
        (",IIII", ",,f", "f", "", ",ffff", ",b", ",Z", ",]", ",[[", "," + "T" * 7000)
    )
    return packet(_name(dice), tags, dice.randbytes(dice.choice((0, 2, 4, 8))))


def strange_address(dice: Random) -> bytes:
    addresses = (
        *(b"", b"/", b"//", b"zoom", b"vjdream/zoom", b"/\xff\xfe", b"/vjdream", b"/norm/zoom"),
        *(b"/vjdream/", b"/vjdream/state/fps", b"/composition/layers/1/video/opacity"),
        *(b"/vjdream/" + _letters(dice, 200).encode(), b"/" + b"a" * 1500),
    )
    return packet(dice.choice(addresses), ",f", struct.pack(">f", 0.5))


# -- bundles --------------------------------------------------------------------------------------


def wrong_sizes(dice: Random) -> bytes:
    size = dice.choice((0, -1, -4, -(2**31), 1, 3, 2**31 - 1, 65536, 24, 20))
    return bundle() + struct.pack(">i", size) + good(dice)


def deep_bundle(dice: Random) -> bytes:
    nested = good(dice)
    for _ in range(dice.choice((8, 9, 50, 50, 2000))):
        nested = bundle(nested)
    return nested


def large_bundle(dice: Random) -> bytes:
    if dice.random() < 0.5:
        return bundle(*[packet("/a", ",")] * 5000)
    return bundle(*[good(dice) for _ in range(512)])


# -- good form, bad content -----------------------------------------------------------------------


def absurd_number(dice: Random) -> bytes:
    body = dice.choice((
        (",f", struct.pack(">f", dice.choice((-0.0, 3e38, 1e-45)))),
        (",d", struct.pack(">d", dice.choice((1e308, -1e308, 5e-324)))),
        (",h", struct.pack(">q", dice.choice((2**63 - 1, -(2**63))))),
        (",i", struct.pack(">i", dice.choice((2**31 - 1, -(2**31))))),
        (",ff", struct.pack(">ff", 0.5, 0.5)),
        (",t", dice.randbytes(8)),
        (",[f]", struct.pack(">f", 1.0)),
        (",", b""),
    ))  # fmt: skip
    return packet(f"/vjdream/{dice.choice(HARMLESS)}", *body)


def unusable(dice: Random) -> bytes:
    """A value that no parameter can use, for any parameter."""
    body = dice.choice((
        (",f", struct.pack(">f", math.nan)),
        (",d", struct.pack(">d", math.nan)),
        (",N", b""),
        (",b", struct.pack(">i", 8) + dice.randbytes(8)),
        (",s", padded(b"no such word")),
        (",ss", padded(b"+") + padded(b"x")),
        ("," + "[" * 60 + "]" * 60, b""),
        ("," + "[" * 3000 + "]" * 3000, b""),
    ))  # fmt: skip
    return packet(_name(dice), *body)


def infinite(dice: Random) -> bytes:
    value = dice.choice((math.inf, -math.inf))
    name = dice.choice((*HARMLESS, "norm/zoom", "keyframes", "steps", "master"))
    return packet(f"/vjdream/{name}", ",d", struct.pack(">d", value))


def long_number(dice: Random) -> bytes:
    """Digits as a word: Python refuses to make a number of more than 4,300 of them."""
    digits = _letters(dice, 1, "123456789") * dice.choice((20, 1000, 5000, 8000, 10_000))
    return message(f"/vjdream/{dice.choice(('class/1', 'layer', 'zoom', 'channel'))}", digits)


def strange_word(dice: Random) -> bytes:
    word = dice.choice((*WORDS, _letters(dice, 9), _letters(dice, 900), "a+b+" * 500))
    return message(f"/vjdream/{dice.choice(('class/1', 'class/2', 'classes', 'layer'))}", word)


def pattern_bomb(dice: Random) -> bytes:
    """Patterns that are slow for a matcher that tries again; with a value that changes nothing."""
    some = _letters(dice, 3)
    bomb = dice.choice((
        ("{" + "," * 27 + "}") * 8 + some,
        "{" + ",".join(_letters(dice, 110)) + "}" + some,
        "[" + _letters(dice, 230) + "]",
        "[" + "".join(f"a-{letter}" for letter in _letters(dice, 70)) + "]*",
        "*a*e*r*" + "*".join(some),
        "?" * dice.randrange(1, 240) + some,
        "*" * 230 + some,
        "{a,b,{c," * 20,
        "norm/*" + "{,a}{,e}{,r}{,t}" + some,
        "*",
        "*/*",
    ))  # fmt: skip
    return packet(f"/vjdream/{bomb}", ",f", struct.pack(">f", math.nan))


def subscription(dice: Random) -> bytes:
    """Odd ports, and a few that nobody listens on; one in ten asks for everything."""
    if dice.random() < 0.1:
        return message("/vjdream/sync")
    port = dice.choice((-1, 0, 65536, 2**31 - 1, 1.5, math.nan, "x", "9" * 5000, 1, 7, 9))
    return message("/vjdream/subscribe", port)


def good(dice: Random) -> bytes:
    if dice.random() < 0.2:
        return message(f"/vjdream/class/{dice.randint(1, 2)}", dice.choice(WORDS[:4]))
    return message(f"/vjdream/{dice.choice(HARMLESS)}", round(dice.uniform(0.5, 1.5), 3))


KINDS: dict[Callable[[Random], bytes], int] = {
    random_bytes: 20,
    truncated: 10,
    damaged: 10,
    long_string: 4,
    wrong_tags: 8,
    strange_address: 8,
    wrong_sizes: 6,
    deep_bundle: 6,
    large_bundle: 1,
    absurd_number: 8,
    unusable: 8,
    infinite: 4,
    long_number: 4,
    strange_word: 4,
    pattern_bomb: 8,
    subscription: 2,
    good: 10,
}
"""Each kind, and how often it is drawn."""


def datagrams(seed: int) -> Iterator[bytes]:
    """Yield datagrams without end, none larger than UDP can carry."""
    dice = Random(seed)
    kinds, weights = list(KINDS), list(KINDS.values())
    while True:
        (kind,) = dice.choices(kinds, weights)
        yield kind(dice)[:LARGEST]
