"""Compare the mutants that survived the last run with the list of those that are known to.

`make mutants` ends with it. A mutant is known by its function and by the lines that it takes out
and puts in, so that the list stands while the code around them changes.
"""

import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
MUTATED = Path("mutants/src")
KNOWN = HERE / "survivors.md"

#: How the tests end where they have noticed: one failed, pytest itself did, or it took too long.
NOTICED = {1, 3, 24, -24, 36, 152, 255}


class Mutant(NamedTuple):
    """One change of one function: the lines without their indentation."""

    function: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """Return the mutant as it stands in the list."""
        return "\n".join((f"@@ {self.function}", *self.lines))


def known() -> Iterator[Mutant]:
    """Yield the mutants of the list."""
    function, lines = "", list[str]()
    for line in [*KNOWN.read_text("utf-8").splitlines(), "```"]:
        if line.startswith(("@@ ", "```")):
            if function and lines:
                yield Mutant(function, tuple(lines))
            function, lines = line.removeprefix("@@ ") if line.startswith("@@ ") else "", []
        elif function:
            lines.append(line)


def survivors(mutated: Path, codes: dict[str, int | None]) -> Iterator[Mutant]:
    """Yield the mutants of one module that no test has found."""
    text = mutated.read_text("utf-8")
    source = text.splitlines()
    bodies = {
        node.name: [
            line.strip().replace(node.name, "")
            for line in source[node.lineno - 1 : node.end_lineno]
        ]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }
    for name, code in codes.items():
        if code not in NOTICED:
            module, _, mangled = name.rpartition(".")
            stem = mangled.rpartition("__mutmut_")[0]
            function = stem.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            changed = ndiff(bodies[f"{stem}__mutmut_orig"], bodies[mangled])
            lines = tuple(line for line in changed if line.startswith(("- ", "+ ")))
            yield Mutant(f"{module.removeprefix('dedupkit.')}.{function}", lines)


def main() -> int:
    """Print the count of every module and what the list does not say; 1 where it differs."""
    total, found, seen = Counter[str](), list[Mutant](), set[str]()
    for meta in sorted(MUTATED.rglob("*.meta")):
        codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        run = {name: code for name, code in codes.items() if code is not None}
        if not run:
            continue
        lived = list(survivors(meta.with_suffix(""), run))
        module = str(meta.relative_to(MUTATED / "dedupkit")).removesuffix(".py.meta")
        print(f"{module:<28} {len(run) - len(lived):>5} of {len(run):>5} killed")
        total.update(made=len(run), killed=len(run) - len(lived))
        found += lived
        seen.add(module.replace("/", "."))
    listed = [m for m in known() if any(m.function.startswith(f"{name}.") for name in seen)]
    new, gone = Counter(found) - Counter(listed), Counter(listed) - Counter(found)
    for title, mutants in (("New survivors", new), ("Listed, but killed or gone", gone)):
        if mutants:
            print(f"\n{title}:\n", *mutants.elements(), sep="\n")
    made, killed = total["made"], total["killed"]
    print(f"\nKilled {killed} of {made} ({killed / max(made, 1):.1%}).")
    print(f"New survivors: {new.total()}; listed, but killed or gone: {gone.total()}.")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
