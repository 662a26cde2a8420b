"""How a word finds what it names among many names: named, inside a name, begun, or mistyped.

A lookup runs between two video frames, so all stages but the last are dictionaries, and the last,
the comparison with every known spelling, is rapidfuzz's. That is imported when it is needed first.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

LONGEST = 60
"""Characters of a word that are looked at."""

LAST_LETTER = chr(0x10FFFF)
SHORTEST_BEGINNING = 2
SIMILAR = 0.75
"""How alike a typo must be to what is meant."""


def plain(text: str) -> str:
    """Return `text` as names are compared: small letters and digits joined by ``_``, no accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", re.sub("['’]", "", text.lower())).strip("_")


WHOLE, ENDING_NAME, ENDING, INSIDE = range(4)
"""What a word is of a name or synonym; the first are nearer to what is meant."""


class Finder:
    """Finds the places of entries by the words that name them.

    A slug wins, then a name, then a synonym. With a synonym come all entries of which a name ends
    with it: an Eskimo dog is called husky, so a Siberian husky is one, too. What names no entry may
    be a kind of thing, as a robin is a bird, and is looked for inside all names, as coral is found
    in coral reef and in brain coral.
    """

    def __init__(
        self,
        entries: Iterable[tuple[str, str, Sequence[str]]],
        kinds: Mapping[str, Sequence[int]] = MappingProxyType({}),
    ) -> None:
        """Take slug, name and synonyms of each entry; its place is its number in the order.

        Args:
            kinds: places of the entries that are a kind of something, by its plain word.
        """
        self._slugs: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[int]] = defaultdict(list)
        self._phrases: set[str] = set()
        parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, (slug, name, synonyms) in enumerate(entries):
            self._slugs[plain(slug)].append(place)
            self._names[plain(name)].append(place)
            phrases = {plain(text) for text in (slug, name, *synonyms)} - {""}
            for part, nearness in _parts(phrases, plain(name)).items():
                parts[part].append((nearness, place))
            self._phrases |= phrases
        for kind, places in kinds.items():
            named = {place: nearness for nearness, place in parts[kind]}
            if WHOLE not in named.values():
                parts[kind] += [(ENDING, place) for place in places if place not in named]
        self._parts = {part: _meant(found) for part, found in parts.items()}
        short = (part for part in parts if "_" not in part)
        self._known = sorted(self._phrases.union(short, kinds))

    def named(self, word: str) -> Sequence[int]:
        """Return the places of the entries that are called so; none when there is none.

        Neither the inside of names counts, nor a beginning, nor a typo.
        """
        asked = _asked(word)
        return self._by_words(asked) if asked in self._phrases else ()

    def hits(self, word: str) -> Sequence[int]:
        """Return the places of all entries that a word can mean, the likeliest first, or none."""
        asked = _asked(word)
        if asked not in self._parts:
            asked = self._beginning(asked) or closest(word, self._known, SIMILAR) or ""
        return self._by_words(asked)

    def nearest(self, word: str) -> str | None:
        """Return the known word that is spelt most alike."""
        return closest(word, self._known)

    def _by_words(self, asked: str) -> Sequence[int]:
        for dictionary in (self._slugs, self._names, self._parts):
            if asked and asked in dictionary:
                return dictionary[asked]
        return ()

    def _beginning(self, asked: str) -> str | None:
        """The shortest known word that begins so."""
        if len(asked) < SHORTEST_BEGINNING:
            return None
        start = bisect_left(self._known, asked)
        end = bisect_left(self._known, asked + LAST_LETTER)
        return min(self._known[start:end], key=len, default=None)


def _parts(phrases: Iterable[str], name: str) -> dict[str, int]:
    """Every word of the phrases, and every two and more words in a row, with their nearness."""
    parts: dict[str, int] = {}
    for phrase in phrases:
        words = phrase.split("_")
        ending = ENDING_NAME if phrase == name else ENDING
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                part = "_".join(words[start:end])
                nearness = INSIDE if end < len(words) else ending if start else WHOLE
                parts[part] = min(nearness, parts.get(part, INSIDE))
    return parts


def _meant(found: list[tuple[int, int]]) -> list[int]:
    """The places, nearest first; beside whole names, what has the word only inside is not meant."""
    found = sorted(found)
    farthest = ENDING if found[0][0] == WHOLE else INSIDE
    return [place for nearness, place in found if nearness <= farthest]


def _asked(word: str) -> str:
    return plain(word[:LONGEST])


def closest(word: str, known: Sequence[str], similar: float = 0.0) -> str | None:
    """Return the known plain word that is spelt most alike, or None when none is `similar`."""
    asked = _asked(word)
    if not asked:
        return None
    best = _most_alike(asked, known, 1, similar)
    return best[0][0] if best else None


def _most_alike(
    asked: str, known: Sequence[str], most: int, similar: float
) -> list[tuple[str, float]]:
    """The known words that are spelt most alike, with how alike they are (0..1).

    That is twice the letters in common, in order, over all letters of both spellings.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    scorer = Indel.normalized_similarity
    best = process.extract(asked, known, scorer=scorer, limit=most, score_cutoff=similar)
    return [(str(name), float(score)) for name, score, _ in best]


def load_comparison() -> None:
    """Import what the first typo needs: done in time, it costs no frame."""
    _most_alike("a", ("a",), 1, 0.0)


def only_one(word: str, known: Sequence[str]) -> str | None:
    """Return the one of a few plain words that is meant: named, begun or mistyped.

    Returns None when none is meant, or several equally.
    """
    asked = _asked(word)
    if not asked or asked in known:
        return asked or None
    begun = [name for name in known if name.startswith(asked)]
    if len(begun) == 1:
        return begun[0]
    alike = _most_alike(asked, known, 2, 0.0)
    if not alike or alike[0][1] < SIMILAR or (len(alike) == 2 and alike[0][1] == alike[1][1]):
        return None
    return str(alike[0][0])
