"""Writes docs/openapi.json anew: `python -m tests.api.describe`."""

import json
from pathlib import Path

from app import api, catalogue

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Describe the API as it is."""
    described = api.describe(catalogue.load(ROOT / "questionnaires"))
    written = json.dumps(described, indent=2, ensure_ascii=False)
    (ROOT / "docs" / "openapi.json").write_text(f"{written}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
