"""What a show starts from: the network's words, a look, the first picture, a session to play."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from vjdream import presets
from vjdream.camera import Viewpoint
from vjdream.control.ownership import Changes
from vjdream.errors import SessionError, SettingsError
from vjdream.frames import Keyframe, Picture, cover, published_size
from vjdream.inputs import check_input
from vjdream.parameters import CLASS_SLOTS, TABLE, Scope, State, lookup
from vjdream.paths import expanded, flaw
from vjdream.preset_library import Library, RecordedLibrary, find
from vjdream.presets import Preset
from vjdream.recipe import Recipe, read_recipe, values_of
from vjdream.sessions import Session, read_session
from vjdream.settings import Settings
from vjdream.sidecar import Sidecar, read_sidecar
from vjdream.snapshots import Snapshot, read_snapshot
from vjdream.vocabulary import DATA, Descriptor, Vocabulary, load_descriptor
from vjdream.weights import find_weights

log = logging.getLogger("vjdream")

MOST_NOTES = 20
"""Told of values that a recording has and this show cannot have."""


@dataclass(frozen=True, slots=True)
class Played:
    """A session that is to be played, with what it was recorded with.

    Attributes:
        library: the presets as they were then.
        touched: what hands held when the recording began, and what it would return to.
        held: values that the player keeps from the session.
    """

    session: Session
    sidecar: Sidecar | None
    library: RecordedLibrary
    touched: Changes
    held: Changes


@dataclass(frozen=True, slots=True)
class Opening:
    """What a show starts from."""

    vocabulary: Vocabulary
    state: State
    keyframe: Keyframe
    library: Library
    preset: Preset  # one without a name when none was asked for
    played: Played | None = None


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that knows how a show was started: a session's sidecar, or a snapshot."""

    recipe: Recipe | None = None
    scopes: tuple[Scope, ...] = ("look", "show")
    picture: Picture | None = None


def begin(settings: Settings) -> Opening:
    """Resolve the network, the preset, ``--set`` values and files; return what a show starts from.

    Raises:
        VJDreamError: for whatever of it cannot be used; nothing has been started.
    """
    descriptor = load_descriptor(settings.network, settings.class_list)
    _check_files(settings, descriptor)
    vocabulary = descriptor.vocabulary
    first = state = first_state(descriptor)
    network = settings.network
    if settings.class_list is not None:  # other classes make another network of it
        network = f"{network} with {Path(settings.class_list).name}"
    own = None if settings.preset_folder is None else Path(settings.preset_folder)
    running = {
        "network": settings.network, "size": str(settings.size), "fps": str(settings.fps),
        "canvas": "auto" if settings.canvas is None else str(settings.canvas),
    }  # fmt: skip
    library = Library(vocabulary, own, network, first, running)
    session, sidecar = _session(settings)
    source = _source(settings, sidecar)
    preset = Preset("", "", (), {})
    touched: Changes = ()
    if source.recipe is not None:
        values, notes = values_of(source.recipe.values, vocabulary, source.scopes)
        state = state.with_values(values)
        touched = tuple(values_of(source.recipe.touched, vocabulary, ("look",))[0])
        for note in notes[:MOST_NOTES]:
            log.warning("%s", note)
        preset = Preset(source.recipe.preset, "", (), {}, (), _known(source.recipe, vocabulary))
    if settings.preset is not None:
        preset = presets.load(find(settings.preset, own), vocabulary, network, first)
        for note in preset.notes:
            log.warning("%s", note)
        state, touched = preset.applied_to(state, first), ()
    held: Changes = ()
    for name, given in settings.values:
        parameter = lookup(name)
        held += ((parameter, presets.checked_value(parameter, given, vocabulary)),)
    opening = Opening(vocabulary, state, first_keyframe(settings, source.picture), library, preset)
    if session is None:
        return replace(opening, state=state.with_values(held))
    recorded = RecordedLibrary(
        sidecar.presets if sidecar else (), vocabulary, own, network, first, running
    )
    return replace(opening, played=Played(session, sidecar, recorded, touched, held))


def _check_files(settings: Settings, descriptor: Descriptor) -> None:
    """Look whether what the dreamer will need is there, while nothing has been started."""
    if descriptor.architecture != "dreamnet" or settings.weights is not None:
        find_weights(descriptor, settings.weights)
    if settings.source is not None:
        check_input(settings.source)
    for name, given, folder in (("guide", settings.guide, False), ("prior", settings.prior, True)):
        what = None if given is None else flaw(expanded(given), folder)
        if what is not None:
            raise SettingsError(f"--{name} {given} {what}")


def _session(settings: Settings) -> tuple[Session | None, Sidecar | None]:
    if settings.session is None:
        return None, None
    path = Path(settings.session)
    session = read_session(path, settings.strict, own=True)
    if settings.strict:  # a mistake in the last line must not end a show in its last minute
        for _ in session.entries():
            pass
    try:
        return session, read_sidecar(path)
    except SessionError as error:
        if settings.strict:
            raise
        log.warning("%s; the session is played without it", error)
        return session, None


def _source(settings: Settings, sidecar: Sidecar | None) -> _Source:
    """What a show goes on from: a snapshot, or a recording and its picture."""
    if settings.resume is not None:
        snapshot = read_snapshot(Path(settings.resume))
        # a snapshot of a dark or held show is to be seen and to go on
        return _Source(recipe_in(snapshot, settings.resume), ("look",), snapshot.picture)
    if sidecar is None:
        return _Source()
    picture = None
    if sidecar.picture is not None:
        try:
            picture = read_snapshot(sidecar.picture).picture
        except SettingsError as error:
            if settings.strict:
                raise
            log.warning("%s; the session begins with the usual picture", error)
    return _Source(sidecar.recipe, picture=picture)


def recipe_in(snapshot: Snapshot, name: str) -> Recipe | None:
    """Return what a snapshot was dreamt with; any other picture has no recipe.

    Raises:
        SettingsError: for one of another format.
    """
    if snapshot.about is None:
        return None
    try:
        return read_recipe(snapshot.about, Path(name).name)
    except SessionError as error:
        raise SettingsError(f"--resume {error}") from None


def _known(recipe: Recipe, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The palette of a recipe, as far as this network knows it."""
    found = (vocabulary.called("class", slug) for slug in recipe.palette)
    return tuple(slug for slug in found if slug is not None)


def first_state(descriptor: Descriptor) -> State:
    """The defaults, in words of the network."""
    state = State()
    slots = (*CLASS_SLOTS, TABLE["layer"])
    words = (*descriptor.start_classes, descriptor.start_layer)
    for parameter, word in zip(slots, words, strict=True):
        known = descriptor.vocabulary.called(parameter.words, str(parameter.default))
        state = state.with_value(parameter, known or word)
    return state


def first_keyframe(settings: Settings, picture: Picture | None = None) -> Keyframe:
    """A picture, cropped to the output's shape; without one the shipped first dream.

    It is on air before torch has loaded.
    """
    shape = published_size(settings.size)
    if picture is not None:  # it is no beginning: what is dreamt goes on from it
        return Keyframe(cover(picture, *shape), Viewpoint(), 1, 0.0)
    path = DATA / "first.png"
    shipped = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if shipped is None:
        raise SettingsError(f"{path} is missing - is vjdream installed completely?")
    bgrx = np.asarray(cv2.cvtColor(shipped, cv2.COLOR_BGR2BGRA), np.uint8)
    return Keyframe(cover(bgrx, *shape), Viewpoint(), 0, 0.0)
