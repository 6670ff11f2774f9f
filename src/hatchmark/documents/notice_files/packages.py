"""Opens the zip of a .docx or .xlsx and its XML parts within bounds, whatever their directory or content claims."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from hatchmark.documents.notice_files import limits
from hatchmark.documents.notice_files.formats import damaged_zip
from hatchmark.documents.notice_files.limits import Unreadable, refused

_CHUNK = 64 * 1024
_SAVE_ANEW = "open it in Word, Excel or WPS and save it anew"


class Package:
    """The parts of one document, each unpacked through a counter."""

    def __init__(self, raw: bytes, *, file: str) -> None:
        self.file = file
        self._packed = len(raw)
        self._unpacked = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
            raise damaged_zip(file, error) from error
        entries = self._archive.infolist()
        if len(entries) > limits.MOST_ENTRIES:
            raise self._bomb(f"{len(entries)} entries", f"holds more than {limits.MOST_ENTRIES} entries")
        self._infos = {info.filename.lstrip("/"): info for info in entries}
        if any(info.flag_bits & 1 for info in entries):
            raise refused(
                file, Unreadable.PASSWORD, "is protected by a password", "save it without a password"
            )

    def __contains__(self, part: str) -> bool:
        return part in self._infos

    def read(self, part: str) -> bytes:
        """Return one part; raise FolderError where it is missing, damaged, or grows beyond all measure."""
        info = self._infos.get(part)
        if info is None:
            raise refused(
                self.file, Unreadable.DAMAGED, f"is damaged: its part {part} is missing", _SAVE_ANEW
            )
        pieces: list[bytes] = []
        size = 0
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(_CHUNK):
                    pieces.append(piece)
                    size += len(piece)
                    self._unpacked += len(piece)
                    self._check(part, size, info.compress_size)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
        ) as error:
            raise damaged_zip(self.file, error) from error
        return b"".join(pieces)

    def _check(self, part: str, size: int, packed: int) -> None:
        if size > limits.LARGEST_PART or self._unpacked > limits.LARGEST_UNZIPPED:
            raise self._bomb(
                f"more than {size} bytes in {part}",
                f"unpacks to more than the {limits.LARGEST_PART // (1024 * 1024)} MB that are read of a part",
            )
        if size > limits.RATIO_COUNTS_FROM and size > limits.HIGHEST_RATIO * max(
            min(packed, self._packed), 1
        ):
            raise self._bomb(
                f"{size} bytes in {part}",
                f"unpacks to more than {limits.HIGHEST_RATIO} times its size, as a zip bomb does",
            )

    def _bomb(self, value: str, problem: str) -> Exception:
        return refused(
            self.file,
            Unreadable.BOMB,
            problem,
            "give the notice itself, saved by Word, Excel or WPS",
            value=value,
        )

    def relations(self, part: str) -> Mapping[str, "Relation"]:
        """Return what a part refers to inside the package, by id; what lies outside is left out, never followed."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Relation] = {}
        if path not in self:
            return found

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                place = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(posixpath.join(folder, target))
                )
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = Relation(kind=kind, part=place)

        walk_xml(self.read(path), start, file=self.file)
        return found

    def related(self, part: str, kind: str) -> str | None:
        """Return the part of a kind that another one refers to and that is there; `part` is "" for the package."""
        return next(
            (each.part for each in self.relations(part).values() if each.kind == kind and each.part in self),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One part that another refers to."""

    kind: str
    part: str


def walk_xml(
    raw: bytes,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    file: str,
) -> None:
    """Tell each element and text of an XML part, names without namespaces.

    Raises FolderError for XML that is not well-formed, lies too deep, or declares a document type: entities, which
    can grow without end or name files, are declared there and nowhere else, and no Office program writes one.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = elements = 0

    def refuse_doctype(*_: object) -> None:
        raise refused(
            file, Unreadable.HARMFUL, "declares a document type in its XML, as attacks do", _SAVE_ANEW
        )

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > limits.DEEPEST:
            raise refused(
                file,
                Unreadable.TOO_DEEP,
                f"its elements lie more than {limits.DEEPEST} deep inside one another",
                _SAVE_ANEW,
            )
        if elements > limits.MOST_ELEMENTS:
            raise refused(
                file,
                Unreadable.TOO_MUCH,
                f"holds more than {limits.MOST_ELEMENTS} elements in one part",
                "give the notice and its annexes alone",
            )
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(_local(name))

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, ValueError) and hasattr(error, "problem"):
            raise
        raise refused(
            file, Unreadable.DAMAGED, f"is damaged: its XML cannot be read ({error})", _SAVE_ANEW
        ) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]


@dataclass(slots=True)
class Element:
    """One element of a small tree: its children are elements and pieces of text, in order."""

    name: str
    attributes: Mapping[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def elements(self) -> Iterator["Element"]:
        """Yield the elements directly below."""
        return (child for child in self.children if isinstance(child, Element))

    def first(self, name: str) -> "Element | None":
        """Return the first element of a name directly below."""
        return next((child for child in self.elements() if child.name == name), None)

    def value(self, name: str) -> str | None:
        """Return the attribute val of the first element of a name directly below."""
        found = self.first(name)
        return None if found is None else found.attributes.get("val")


def tree_of(raw: bytes, *, file: str, without: frozenset[str] = frozenset()) -> Element:
    """Return an XML part as a tree; elements named in `without` are left out with all that they hold."""
    root = Element("", {})
    stack = [root]
    skipped = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal skipped
        if skipped or name in without:
            skipped += 1
            return
        element = Element(name, attributes)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        nonlocal skipped
        if skipped:
            skipped -= 1
        else:
            stack.pop()

    def text(characters: str) -> None:
        if not skipped and stack[-1].name in _WITH_TEXT:
            stack[-1].children.append(characters)

    walk_xml(raw, start, end, text, file=file)
    return next(root.elements(), root)


_WITH_TEXT = frozenset({"t", "para", "entry", "title", "emphasis", "superscript", "subscript", "v"})
