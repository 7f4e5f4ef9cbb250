"""Knows which names a template uses that there is no field for, also of the items that it loops over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from difflib import get_close_matches
from typing import get_args, get_origin, get_type_hints

from jinja2 import nodes

Kind = object
"""What a name stands for: a class of fields, `tuple[X, ...]`, a plain type; None where it can't be told."""
_LIKENESS = 0.6
_OWN = frozenset({"loop", "range", "namespace", "true", "false", "none", "True", "False", "None"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no field has, as it is written (`n.statementt`), and the nearest that there is.

    `number`: how often the same words stand before it in the template.
    """

    name: str
    number: int
    nearest: str | None


def unknown_names(template: nodes.Template, fields: Mapping[str, Kind]) -> tuple[Unknown, ...]:
    """Every name that will be missing when the template is filled, in the order of the text."""
    reader = _Reader()
    reader.read(template.body, dict(fields))
    return tuple(reader.found)


def fields_of(*classes: type) -> Mapping[str, Kind]:
    """The fields of classes by name, each with its kind."""
    return {name: kind for class_ in classes for name, kind in get_type_hints(class_).items()}


@dataclass(slots=True)
class _Reader:
    found: list[Unknown] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def read(self, body: list[nodes.Node], scope: dict[str, Kind]) -> None:
        for node in body:
            self.visit(node, scope)

    def visit(self, node: nodes.Node, scope: dict[str, Kind]) -> None:
        """Look at a piece of the template in the order in which it is written."""
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Assign):
            scope |= _bound(node.target, self.kind(node.node, scope))
        elif isinstance(node, nodes.Macro | nodes.CallBlock | nodes.With):
            named = {name.name: None for name in node.find_all(nodes.Name) if name.ctx != "load"}
            self._children(node, scope | named)
            scope |= {node.name: None} if isinstance(node, nodes.Macro) else {}
        elif isinstance(node, nodes.Expr):
            self.kind(node, scope)
        else:
            self._children(node, scope)

    def _children(self, node: nodes.Node, scope: dict[str, Kind]) -> None:
        for child in node.iter_child_nodes():
            self.visit(child, scope)

    def _loop(self, node: nodes.For, scope: dict[str, Kind]) -> None:
        item = _item(self.kind(node.iter, scope))
        inner = {**scope, **_bound(node.target, item)}
        if node.test is not None:
            self.visit(node.test, inner)
        self.read(node.body, inner)
        self.read(node.else_, dict(scope))

    def kind(self, node: nodes.Node, scope: dict[str, Kind]) -> Kind:
        """What an expression stands for, with every unknown name in it noted."""
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._attribute(_spelt(node), self.kind(node.node, scope), node.attr)
        if isinstance(node, nodes.Getitem):
            of = self.kind(node.node, scope)
            self.visit(node.arg, scope)
            return _item(of)
        self._children(node, scope)
        return None

    def _name(self, node: nodes.Name, scope: Mapping[str, Kind]) -> Kind:
        if node.ctx != "load" or node.name in _OWN:
            return None
        if node.name not in scope:
            self._note(node.name, node.name, list(scope))
        else:
            self.seen[node.name] += 1
        return scope.get(node.name)

    def _attribute(self, spelt: str | None, of: Kind, attribute: str) -> Kind:
        known = get_type_hints(of) if isinstance(of, type) and is_dataclass(of) else None
        name = spelt or attribute
        if known is not None and attribute not in known:
            self._note(name, attribute, list(known))
        elif known is None and isinstance(of, type) and not hasattr(of, attribute):
            self._note(name, attribute, [])
        else:
            self.seen[name] += 1
        return None if known is None else known.get(attribute)

    def _note(self, name: str, last: str, known: list[str]) -> None:
        near = get_close_matches(last, known, 1, _LIKENESS)
        before = name[: len(name) - len(last)]
        self.found.append(Unknown(name, self.seen[name], f"{before}{near[0]}" if near else None))
        self.seen[name] += 1


def _bound(target: nodes.Node, kind: Kind) -> dict[str, Kind]:
    if isinstance(target, nodes.Name):
        return {target.name: kind}
    return {name.name: None for name in target.find_all(nodes.Name)}


def _item(kind: Kind) -> Kind:
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def _spelt(node: nodes.Node) -> str | None:
    """`n.instances`, `tiles[0].title`, as it is written; None for what is no plain path."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _spelt(node.node)
        return None if before is None else f"{before}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        before = _spelt(node.node)
        return None if before is None else f"{before}[{node.arg.value!r}]"
    return None
