"""The style sheet and the script: what a page may weigh, and what a service outside gov.uk may not wear."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "app" / "web" / "static"


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    return names


@pytest.mark.parametrize(("name", "most"), [("main.css", 16_000), ("main.js", 8_000), ("icon.svg", 1_000)])
def test_a_file_stays_light_when_compressed(manifest: dict[str, str], name: str, most: int) -> None:
    assert (STATIC / f"{manifest[name]}.gz").stat().st_size < most


def test_a_files_name_tells_its_content_and_the_compressed_twin_holds_the_same(manifest: dict[str, str]) -> None:
    for built in manifest.values():
        content = (STATIC / built).read_bytes()
        assert built.split(".")[1] == hashlib.sha256(content).hexdigest()[:10]
        assert gzip.decompress((STATIC / f"{built}.gz").read_bytes()) == content


def test_nothing_old_lies_about(manifest: dict[str, str]) -> None:
    wanted = {name for built in manifest.values() for name in (built, f"{built}.gz")}
    assert {path.name for path in STATIC.iterdir()} == wanted | {"manifest.json"}


@pytest.mark.parametrize("not_ours", ["gds transport", "#1d70b8", "crown", "crest", "url(", "@import"])
def test_the_style_sheet_wears_nothing_of_gov_uk_and_loads_nothing(manifest: dict[str, str], not_ours: str) -> None:
    assert not_ours not in (STATIC / manifest["main.css"]).read_text().lower()


def test_locked_packages_carry_hashes_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all(package.get("integrity") for name, package in packages.items() if name)
    assert not any("resolved" in package for package in packages.values())
    for locked in (ROOT / "requirements").glob("*.txt"):
        text = locked.read_text()
        assert "://" not in text
