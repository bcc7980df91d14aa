"""Runs the benchmarks of this folder and prints what they print."""

import importlib
import pkgutil
import sys

import benchmarks


def main(wanted: list[str]) -> int:
    names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__")
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"No benchmark is called {', '.join(sorted(unknown))}. There are: {', '.join(names) or 'none yet'}.")
        return 1
    for name in wanted or names:
        print(f"== {name}")
        importlib.import_module(f"benchmarks.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
