"""Describe the ImageNet networks for vjdream: their layers, as the code itself walks them.

    python tools/describe_networks.py [FOLDER]

Writes one descriptor for each into vjdream/data (or FOLDER). Nothing is downloaded: shapes are
enough.
"""

import json
import sys
from pathlib import Path

import torch
import torchvision

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from vjdream.dream import imagenet  # noqa: E402

TITLES = {
    "vgg16": ("VGG-16 (Simonyan and Zisserman 2014)", "conv4_3"),
    "vgg19": ("VGG-19 (Simonyan and Zisserman 2014)", "conv4_4"),
    "googlenet": ("GoogLeNet (Szegedy et al. 2014)", "inception4c"),
    "resnet50": ("ResNet-50 (He et al. 2015)", "layer3_3"),
}
"""Title, and the layer that mode layer starts with."""

CLASSES = ["jellyfish", "volcano", "peacock", "coral_reef"]
"""What a show starts with that asks for nothing else."""


def describe(name: str) -> dict[str, object]:
    """The descriptor of one network."""
    title, layer = TITLES[name]
    with torch.device("meta"):
        options = imagenet.OPTIONS[name]
        state = torchvision.models.get_model(name, weights=None, **options).state_dict()
    random = {key: torch.zeros(value.shape) for key, value in state.items()}
    network = imagenet.build(name, random, Path(name))
    with torch.no_grad():
        layers = list(network.walk(torch.zeros(1, 3, 64, 64)))
    return {
        "vjdream": 1,
        "name": name,
        "title": f"{title}, 1000 ImageNet classes",
        "architecture": name,
        "words": "imagenet.tsv",
        "kinds": "imagenet-kinds.tsv",
        "starts": {"classes": CLASSES, "layer": layer},
        "layers": [{"name": layer, "channels": value.shape[1]} for layer, value in layers],
    }


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "vjdream" / "data"
    for name in TITLES:
        text = json.dumps(describe(name), indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        print(folder / f"{name}.json")


if __name__ == "__main__":
    main()
