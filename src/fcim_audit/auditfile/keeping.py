"""Knows how values are put into a YAML file that people edit too: their comments and order stay."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from fcim_audit.auditfile.journal import Change
from fcim_audit.yaml_source import Value

_NOTHING = frozenset({"", "~", "null"})
Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]
"""What a model is written as."""


def plain(model: BaseModel) -> dict[str, Plain]:
    """A model as it is written: its fields in their order, without those at their defaults."""
    kept: dict[str, Plain] = model.model_dump(mode="json", exclude_defaults=True)
    return kept


def textual(value: Plain) -> Value:
    """A written value as it is read back: every scalar is text."""
    if isinstance(value, dict):
        return {key: textual(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [textual(inner) for inner in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None else str(value)


def with_values(data: bytes, values: Mapping[tuple[str, ...], Plain]) -> bytes:
    """A YAML document with values put at their paths (None removes); all else stays as it was."""
    yaml = _yaml()
    document = yaml.load(data.decode("utf-8-sig")) if data.strip() else None
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
    for path, value in values.items():
        _put(document, path, value, ordered=False)
    out = io.BytesIO()
    yaml.dump(document, out)
    return out.getvalue()


def differences(
    document: str, old: Value, new: Value, depth: int = 2, path: tuple[str, ...] = ()
) -> Iterator[Change]:
    """What differs between two readings of a document, down to `depth` levels of keys."""
    if old == new:
        return
    if depth and isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys(), key=in_order):
            yield from differences(document, old.get(key), new.get(key), depth - 1, (*path, key))
        return
    yield Change(document, path, old, new)


def applied(value: Value, change: Change) -> Value:
    """A document's value with one change made."""
    if not change.path:
        return change.after
    document: dict[str, Value] = dict(value) if isinstance(value, dict) else {}
    key, rest = change.path[0], change.path[1:]
    inner = Change(change.document, rest, None, change.after)
    made = applied(document.get(key), inner)
    if made is None:
        document.pop(key, None)
    else:
        document[key] = made
    return document


def in_order(key: str) -> tuple[tuple[int, int | str], ...]:
    """Sorts `6.3-b` before `6.10-a`: numbers as numbers, the rest as text."""
    parts = re.findall(r"\d+|\D+", key)
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in parts)


def _put(document: CommentedMap, path: Sequence[str], value: Plain, *, ordered: bool) -> None:
    """`ordered`: a new key finds its place among keys that are in order; else it comes last."""
    key, *rest = path
    if rest:
        if not isinstance(document.get(key), CommentedMap):
            if value is None:
                return
            document[key] = CommentedMap()
        inner = document[key]
        inner.fa.set_block_style()
        _put(inner, rest, value, ordered=True)
        return
    if value is None:
        document.pop(key, None)
        return
    node = _node(value)
    if key in document:
        _updated(document, key, node)
    else:
        later = [n for n, k in enumerate(document) if in_order(str(k)) > in_order(key)]
        fits = ordered and later and _is_sorted(document)
        document.insert(later[0] if fits else len(document), key, node)


def _updated(document: CommentedMap, key: str, node: object) -> None:
    """Replace a value in place, field by field, so that comments inside it stay."""
    old = document[key]
    if not (isinstance(old, CommentedMap) and isinstance(node, CommentedMap)):
        document[key] = node
        return
    for name in [name for name in old if name not in node]:
        del old[name]
    for position, (name, inner) in enumerate(node.items()):
        if name in old:
            _updated(old, name, inner)
        else:
            old.insert(position, name, inner)


def _is_sorted(document: CommentedMap) -> bool:
    keys = [in_order(str(key)) for key in document]
    return keys == sorted(keys)


def _node(value: Plain) -> object:
    if isinstance(value, dict):
        made = CommentedMap()
        for key, inner in value.items():
            made[key] = _node(inner)
        return made
    if isinstance(value, list):
        return CommentedSeq(_node(inner) for inner in value)
    text = textual(value)
    return _scalar(text) if isinstance(text, str) else None


def _scalar(text: str) -> object:
    """A text as it reads best: plain, as a block, or quoted where it would be taken for something else."""
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines) or text in _NOTHING:
        return DoubleQuotedScalarString(text)
    if len(lines) == 1:
        return text
    tidy = all(line == line.strip() for line in lines) and lines[0] and lines[-1]
    return LiteralScalarString(text) if tidy else DoubleQuotedScalarString(text)


class _TextResolver(VersionedResolver):
    """Every scalar is text, as in our own reader: `6.10` is no number, `no` no falsehood."""

    def resolve(self, kind: object, value: object, implicit: object) -> object:
        if kind is ScalarNode:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _TextResolver
    yaml.width = 110
    yaml.allow_unicode = True
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
