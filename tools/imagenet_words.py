"""List ImageNet's 1000 classes with their synonyms, and what kinds of things they are.

    python tools/imagenet_words.py dict/data.noun

writes vjdream/data/imagenet.tsv and imagenet-kinds.tsv (Debian's wordnet-base has the file).

Takes the names and their order from torchvision and the synonyms from WordNet 3.0's nouns
(data.noun in its folder dict). ImageNet's classes are WordNet's synsets in the order of their
offsets, so a class is the next synset of its name, or the later one that `MEANT` gives. A digest of
the identifiers by which ImageNet calls its classes (n01440764, ...) proves that all 1000 are right.
"""

import hashlib
import sys
from collections import defaultdict
from pathlib import Path

import torchvision

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from vjdream.class_lists import NamedClass, read_class_list, read_kinds  # noqa: E402
from vjdream.words import plain  # noqa: E402

MOST_OF_A_KIND = 250
"""Classes: larger kinds (mammal, artifact) say too little."""

DIGEST = "70002b0ff5de60a3a17a82dbfcff291931f96225ddf941ad2e182fc39e183d15"
"""SHA-256 of the identifiers, one a line."""

ADDED = {134: "crane", 639: "maillot"}
"""Classes whose name torchvision made longer, with WordNet's word."""

RENAMED = {264: "Cardigan Welsh corgi", 517: "crane machine"}
"""Classes that share their name with another: a dog with a jacket, a machine with a bird."""

MEANT = {
    278: 2119789,  # kit fox, of the United States
    281: 2123045,  # tabby, cat with a mottled coat
    345: 2403003,  # ox, castrated bull
    408: 2704792,  # amphibian, vehicle
    438: 2815834,  # beaker, a chemist's
    443: 2834397,  # bib, of an apron
    446: 2840245,  # binder, of papers
    456: 2879718,  # bow, to shoot arrows with
    458: 2892201,  # brass, memorial
    471: 2950826,  # cannon, of a tank
    501: 3045698,  # cloak, anything that covers
    502: 3047690,  # clog, shoe
    549: 3291819,  # envelope, of a letter
    553: 3337140,  # file, cabinet
    562: 3388043,  # fountain, structure
    581: 3459775,  # grille, of a radiator
    586: 3478589,  # half track, vehicle
    600: 3532672,  # hook, mechanical device
    610: 3595614,  # jersey, shirt
    624: 3661043,  # library, building
    664: 3782006,  # monitor, of a computer
    666: 3786901,  # mortar, bowl
    714: 3929660,  # pick, plectrum
    718: 3933933,  # pier, support of a bridge
    723: 3944341,  # pinwheel, wheel with pins
    727: 3956157,  # planetarium, building
    738: 3991062,  # pot, flowerpot
    742: 4004767,  # printer, of a computer
    766: 4111531,  # rotisserie, oven
    778: 4141975,  # scale, weighing machine
    782: 4152593,  # screen, of a tube
    800: 4243546,  # slot, machine
    801: 4251144,  # snorkel, swimmer's
    813: 4270147,  # spatula, turner
    815: 4275548,  # spider web, resembling that of a spider
    816: 4277352,  # spindle, to spin yarn with
    844: 4372370,  # switch, electric
    847: 4389033,  # tank, vehicle
    914: 4612504,  # yawl, ship's boat
    980: 9472597,  # volcano, mountain
    982: 10148035,  # groom, participant
    987: 12144580,  # corn, kernels
    990: 12768682,  # buckeye, nut
}
"""The offset of the synset where the first possible one is not the one."""


def synsets(data: Path) -> dict[int, list[str]]:
    """The words of every noun synset, by offset."""
    words = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):  # the licence
            fields = line.split(" ")
            count = int(fields[3], 16)
            words[int(fields[0])] = [
                word.replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]
            ]
    return words


def hypernyms(data: Path) -> dict[int, list[int]]:
    """Offsets of what every noun synset is a kind of."""
    above = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            fields = line.split(" ")
            start = 4 + 2 * int(fields[3], 16)  # of the pointers, four fields each
            pointers = (fields[start + 1 + 4 * n :][:3] for n in range(int(fields[start])))
            above[int(fields[0])] = [
                int(offset) for symbol, offset, part in pointers if symbol in ("@", "@i")
            ]
    return above


def kinds(
    offsets: list[int], words: dict[int, list[str]], above: dict[int, list[int]]
) -> dict[str, list[int]]:
    """The classes of each kind of thing, by the plain word for it."""
    members: dict[int, set[int]] = defaultdict(set)
    for number, offset in enumerate(offsets):
        waiting = [offset]
        while waiting:
            for kind in above[waiting.pop()]:
                members[kind].add(number)
                waiting.append(kind)
    found: dict[str, set[int]] = defaultdict(set)
    for kind, numbers in members.items():
        for word in words[kind]:
            found[plain(word)] |= numbers
    return {
        word: sorted(numbers)
        for word, numbers in sorted(found.items())
        if 2 <= len(numbers) <= MOST_OF_A_KIND
    }


def chosen(names: list[str], words: dict[int, list[str]]) -> list[int]:
    """The offset of the synset of each class."""
    called = defaultdict(set)
    for offset, synonyms in words.items():
        for word in synonyms:
            called[word.lower()].add(offset)
    offsets: list[int] = []
    for number, name in enumerate(names):
        fitting = called[ADDED.get(number, name).lower()]
        if number in MEANT:
            fitting = fitting & {MEANT[number]}
        after = offsets[-1] if offsets else 0
        fitting = {offset for offset in fitting if offset > after}
        if not fitting:
            raise SystemExit(f"WordNet has no synset for class {number}, '{name}'")
        offsets.append(min(fitting))
    return offsets


def entry(name: str, words: list[str]) -> NamedClass:
    first, _, rest = name.partition(" ")
    shown = f"{first.capitalize() if first.islower() else first} {rest}".strip()
    synonyms = {plain(word): word for word in reversed(words)}
    synonyms.pop(plain(name), None)
    return NamedClass(plain(name), shown, tuple(reversed(synonyms.values())))


def main() -> None:
    words = synsets(Path(sys.argv[1]))
    names = list(torchvision.models.VGG16_Weights.IMAGENET1K_V1.meta["categories"])
    offsets = chosen(names, words)
    identifiers = "".join(f"n{offset:08d}\n" for offset in offsets)
    if hashlib.sha256(identifiers.encode()).hexdigest() != DIGEST:
        raise SystemExit("these are not ImageNet's synsets: is it WordNet 3.0?")
    classes = [
        entry(RENAMED.get(number, name), words[offset])
        for number, (name, offset) in enumerate(zip(names, offsets, strict=True))
    ]
    path = ROOT / "vjdream" / "data" / "imagenet.tsv"
    lines = [f"{c.slug}\t{c.name}\t{', '.join(c.synonyms)}\n" for c in classes]
    path.write_text("".join(lines), encoding="utf-8")
    assert read_class_list(path) == tuple(classes)
    print(path)
    path = path.with_name("imagenet-kinds.tsv")
    of_kind = kinds(offsets, words, hypernyms(Path(sys.argv[1])))
    lines = [f"{kind}\t{' '.join(map(str, numbers))}\n" for kind, numbers in of_kind.items()]
    path.write_text("".join(lines), encoding="utf-8")
    assert read_kinds(path, len(classes)) == of_kind
    print(path)


if __name__ == "__main__":
    main()
