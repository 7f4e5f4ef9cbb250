"""Knows the files of a checklist's folder: each read and checked by itself, its datasets without the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from fcim_audit.datasets import Dataset
from fcim_audit.errors import AuditError, AuditErrors, raise_all
from fcim_audit.language import Text
from fcim_audit.yaml_source import Loc, Model, Source, Value, read_yaml, validated


@dataclass(frozen=True, slots=True)
class Read(Generic[Model]):
    """One file of a checklist: its document if it is YAML, its model if it is sound, its mistakes."""

    name: str
    source: Source | None
    model: Model | None
    mistakes: tuple[AuditError, ...]

    def where(self, loc: Loc) -> str:
        """File, line and path of a part."""
        return self.name if self.source is None else self.source.where(loc)

    def at(self, *loc: str | int) -> Value:
        """The raw value at a path; None where there is none."""
        value: Value = None if self.source is None else self.source.value
        for part in loc:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int):
                value = value[part]
            else:
                return None
        return value

    def size(self, *loc: str | int) -> int:
        """How many entries the list at a path has."""
        value = self.at(*loc)
        return len(value) if isinstance(value, list) else 0


def load_datasets(folder: Path) -> dict[str, Dataset]:
    """The datasets of a checklist, by name; its clauses are not read. Raises AuditErrors."""
    demand_checklist(folder)
    datasets = read_all(Dataset, folder, "datasets")
    raise_all([*(m for part in datasets for m in part.mistakes), *repeated_datasets(datasets)])
    return {part.model.name: part.model for part in datasets if part.model is not None}


def demand_checklist(folder: Path) -> None:
    """Refuse a folder that is no checklist."""
    if not (folder / "checklist.yaml").is_file():
        raise AuditError(
            Text("文件夹里没有 checklist.yaml", "the folder holds no checklist.yaml"),
            str(folder),
            Text("给出检查表所在的文件夹", "name the folder of a checklist"),
        )


def repeated_datasets(datasets: Iterable[Read[Dataset]]) -> Iterator[AuditError]:
    """The datasets whose names stand twice."""
    return repeated((d.model.name, d.where(("name",))) for d in datasets if d.model)


def read_all(model: type[Model], folder: Path, part: str) -> list[Read[Model]]:
    """Every file of one part of a checklist."""
    return [read_one(model, file, folder) for file in sorted((folder / part).glob("*.yaml"))]


def read_one(model: type[Model], file: Path, folder: Path) -> Read[Model]:
    """One file of a checklist."""
    name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
    source: Source | None = None
    try:
        source = read_yaml(file, name)
        return Read(name, source, validated(model, source), ())
    except AuditErrors as errors:
        return Read(name, source, None, errors.errors)
    except AuditError as error:
        return Read(name, source, None, (error,))


def repeated(names: Iterable[tuple[str, str]]) -> Iterator[AuditError]:
    """The names that stand in an earlier place already."""
    seen: dict[str, str] = {}
    for name, where in names:
        if name in seen:
            yield AuditError(
                Text(f"{name} 已在 {seen[name]} 出现", f"{name} stands already at {seen[name]}"),
                where,
            )
        seen[name] = where
