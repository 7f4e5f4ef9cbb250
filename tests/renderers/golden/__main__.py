"""Writes the golden files anew; look at the difference before it is committed."""

from __future__ import annotations

from tests.renderers.golden import HERE, made


def main() -> None:
    for name, data in made().items():
        (HERE / name).write_bytes(data)
        print(name, len(data))


if __name__ == "__main__":
    main()
