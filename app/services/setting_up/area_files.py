"""The forms that files of areas come in: our own, mySociety's list of authorities, and the ONS's names and codes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from app.domain.areas import CODE_FORM, AreaRecord, find_kind, is_code
from app.domain.organisations import LONGEST_NAME, find_name_fault, tidy_name
from app.domain.uk_time import UkTimeError, parse_date
from app.domain.values import in_quotes, is_id, one_line
from app.services.setting_up.tables import Fault, Row, Table, read_any_table, read_table

OWN_REQUIRED: Final = ("code", "name")
OWN_OPTIONAL: Final = ("kind", "valid_from", "valid_to", "successors", "region")
MYSOCIETY: Final = ("gss-code", "official-name", "local-authority-code")
_ONS = re.compile(r"((?:lad|ltla|utla|ctyua|cty|cauth|rgn|ctry|icb|pfa|fra)[0-9]{2})cd", re.ASCII)
_IN_REGIONS: Final = ("lad", "ltla", "utla", "ctyua", "cty")
"""What the ONS calls areas that each lie in one region."""
HOW: Final = (
    "name the columns code,name,kind,valid_from,valid_to,successors,region, "
    "or give the file of mySociety or of the ONS as it is"
)


@dataclass
class AreaFile:
    """What a file says of areas: each with its line, and the successors it names."""

    areas: dict[str, AreaRecord] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names_only: bool = False
    """Whether it knows nothing of dates and successors, so that what is stored of them stays."""

    def add(self, line: int, area: AreaRecord) -> None:
        """Take one area, or keep what is wrong with it."""
        if not is_code(area.code):
            self.faults.append(Fault(line, f"{in_quotes(area.code)} is no code of {CODE_FORM}"))
            return
        known = self.areas.get(area.code)
        if known is not None:
            if known != area:
                self.faults.append(
                    Fault(line, f"{area.code} stands on line {self.lines[area.code]} as well; keep one of the two")
                )
            return
        for fault in _find_faults(area):
            self.faults.append(Fault(line, fault))
        self.areas[area.code] = area
        self.lines[area.code] = line


def read_areas(data: bytes) -> AreaFile:
    """Read a file of areas in whichever form it is; the columns decide."""
    table = read_any_table(data)
    columns = set(table.columns)
    if "gss-code" in columns:
        file = _read_mysociety(table)
    elif any(map(_ONS.fullmatch, columns)):
        file = _read_ons(table)
    elif "code" in columns or not table.columns:
        table = read_table(data, OWN_REQUIRED, OWN_OPTIONAL)
        file = _read_own(table)
    else:
        file = AreaFile(faults=[Fault(1, f"no column has codes of areas; {HOW}")])
    file.faults += table.faults
    return file


def _find_faults(area: AreaRecord) -> Iterator[str]:
    fault = find_name_fault(area.name)
    if fault:
        yield fault
    if not area.kind:
        yield f"what {area.code} is, is not known by its first characters; add a column “kind”, such as district"
    elif not is_id(area.kind):
        yield f"the kind {in_quotes(area.kind)} cannot be used; write small letters and hyphens, such as fire-area"
    if len(area.region) > LONGEST_NAME:
        yield f"the region is longer than {LONGEST_NAME} characters; shorten it"
    elif one_line(area.region) != area.region:
        yield "the region has characters that cannot be shown; type it again"
    if area.valid_from and area.valid_to and area.valid_to < area.valid_from:
        yield f"{area.code} ends before it begins; check valid_from and valid_to"


# ---- Our own form ----------------------------------------------------------------------------------------------------


def _read_own(table: Table) -> AreaFile:
    file = AreaFile()
    for row in table.rows:
        code = row.get("code").upper()
        file.add(
            row.line,
            AreaRecord(
                code=code,
                name=tidy_name(row.get("name")),
                kind=row.get("kind").lower().replace(" ", "-") or find_kind(code),
                valid_from=_read_date(row, "valid_from", file),
                valid_to=_read_date(row, "valid_to", file),
                successors=tuple(sorted({part.upper() for part in row.list("successors")})),
                region=tidy_name(row.get("region")),
            ),
        )
    return file


def _read_date(row: Row, column: str, file: AreaFile) -> date | None:
    if not row.get(column):
        return None
    try:
        return parse_date(row.get(column))
    except UkTimeError as error:
        file.faults.append(Fault(row.line, f"{column} {in_quotes(row.get(column))}: {_lower(str(error))}"))
        return None


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


# ---- mySociety's list of authorities ---------------------------------------------------------------------------------


def _read_mysociety(table: Table) -> AreaFile:
    """Take an authority per row; codes it had before become retired areas of their own, which it stands for.

    Authorities of old that never had a code are left out, and told.
    """
    missing = [name for name in MYSOCIETY if name not in table.columns]
    if missing:
        return AreaFile(faults=[Fault(1, f"there is no column “{name}”; give the whole list") for name in missing])
    file = AreaFile()
    codes = {row.get("local-authority-code"): row.get("gss-code").upper() for row in table.rows}
    without_code: list[int] = []
    for row in table.rows:
        if not row.get("gss-code") and (row.get("end-date") or row.get("current-authority").lower() == "false"):
            without_code.append(row.line)
            continue
        code = row.get("gss-code").upper()
        file.add(
            row.line,
            AreaRecord(
                code=code,
                name=tidy_name(row.get("nice-name") or row.get("official-name")),
                kind=find_kind(code) or row.get("local-authority-type-name").lower().replace(" ", "-"),
                valid_from=_read_date(row, "start-date", file),
                valid_to=_read_date(row, "end-date", file),
                successors=_read_replaced_by(row, codes, file),
                region=tidy_name(row.get("region")),
            ),
        )
    for row in table.rows:
        _add_former(row, file)
    if without_code:
        lines = f"lines {without_code[0]} to {without_code[-1]}" if without_code[1:] else f"line {without_code[0]}"
        file.notes.append(f"{len(without_code)} retired authorities without a code were left out ({lines})")
    return file


def _read_replaced_by(row: Row, codes: Mapping[str, str], file: AreaFile) -> tuple[str, ...]:
    successors = set()
    for name in row.list("replaced-by", ","):
        if not codes.get(name):
            file.faults.append(
                Fault(row.line, f"replaced-by names {in_quotes(name)}, which no row with a code has; mend or remove it")
            )
        else:
            successors.add(codes[name])
    return tuple(sorted(successors))


def _add_former(row: Row, file: AreaFile) -> None:
    code = row.get("gss-code").upper()
    area = file.areas.get(code)
    if area is None:
        return
    for former in (part.upper() for part in row.list("former-gss-codes", ",")):
        known = file.areas.get(former)
        if known is None:
            kind = find_kind(former) or area.kind
            file.add(row.line, AreaRecord(former, area.name, kind, successors=(code,), region=area.region))
        elif code not in known.successors:
            file.areas[former] = replace(known, successors=tuple(sorted({*known.successors, code})))


# ---- Names and codes of the ONS --------------------------------------------------------------------------------------


def _read_ons(table: Table) -> AreaFile:
    """Take every pair of columns such as LAD23CD and LAD23NM; look-ups have several pairs, and codes many times."""
    pairs = [(column, f"{found[1]}nm") for column in table.columns if (found := _ONS.fullmatch(column))]
    faults = [
        Fault(1, f"there is no column “{name.upper()}” with the names for {column.upper()}; add it")
        for column, name in pairs
        if name not in table.columns
    ]
    if faults:
        return AreaFile(faults=faults)
    file = AreaFile(names_only=True)
    of_region = next((name for _, name in pairs if name.startswith("rgn")), "")
    for row in table.rows:
        for column, name in pairs:
            code = row.get(column).upper()
            if code or row.get(name):
                kind = find_kind(code) or column[:-4]
                region = tidy_name(row.get(of_region)) if column[:-4] in _IN_REGIONS else ""
                file.add(row.line, AreaRecord(code, tidy_name(row.get(name)), kind, region=region))
    return file
