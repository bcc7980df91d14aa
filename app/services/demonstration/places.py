"""Who is who in the demonstration: areas, organisations, partnerships and people."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from app.domain.access import Role
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.words import HatPlan, Member, PartnershipPlan, People, Places, Region, Words

CODES: Final = {"unitary": "X06", "district": "X07", "county": "X10"}
"""Kind of area -> how its codes begin. No nation's codes begin with X."""
COUNCIL: Final = "council"
CHARITY: Final = "charity"
COUNTY_COUNCIL_SHARE: Final = 0.7
COLLEAGUE_SHARE: Final = 0.4
BEFORE_FIRST_ROUND: Final = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    kind: str
    region: str
    county: str
    """The name of the county that it lies in, or is."""


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    name: str
    kind: str
    people: tuple[Person, ...]
    """Its lead, and perhaps a colleague who leads as well: those who answer."""
    contributors: tuple[Person, ...]
    certifier: Person


@dataclass(frozen=True, slots=True)
class Partnership:
    id: UUID
    name: str
    theme: str
    areas: tuple[Area, ...]
    organisations: tuple[Organisation, ...]
    coordinator: Person


@dataclass(frozen=True, slots=True)
class World:
    at: datetime
    """When all of it was entered."""
    areas: tuple[Area, ...]
    organisations: tuple[Organisation, ...]
    partnerships: tuple[Partnership, ...]
    team: tuple[tuple[Person, Role], ...]
    """The central team."""
    department: Organisation
    """In no partnership: some ask something of it."""


def invent(words: Words, first_round: datetime) -> World:
    """Invent everybody, as they were shortly before the first round opened."""
    at = first_round - BEFORE_FIRST_ROUND
    areas = {area.name: area for area in _areas(words.places)}
    plans: list[tuple[PartnershipPlan, list[str]]] = []
    kinds: dict[str, str] = {}
    for region in words.places.regions:
        bodies = dict(_bodies(words.places, region))
        kinds |= {name: kind for (_, kind), names in bodies.items() for name in names}
        plans += [(plan, choose_members(words.places, region, plan, bodies)) for plan in region.partnerships]
    naming = _Naming(words.people, at)
    organisations = {
        name: naming.organisation(name, kinds[name])
        for name in dict.fromkeys(name for _, members in plans for name in members)
    }
    return World(
        at=at,
        areas=tuple(areas.values()),
        organisations=tuple(organisations.values()),
        partnerships=tuple(
            Partnership(
                make_id(at, "partnership", plan.name),
                plan.name,
                plan.theme,
                tuple(areas[name] for name in plan.areas),
                tuple(organisations[name] for name in members),
                naming.coordinator(plan.name) or organisations[members[0]].people[0],
            )
            for plan, members in plans
        ),
        team=tuple((naming.person(hat.name, words.people.central), hat.role) for hat in words.people.team),
        department=naming.department(),
    )


def email_of(name: str, organisation: str) -> str:
    """Give the invented address of a person."""
    return f"{_slug(name, '.')}@{domain_of(organisation)}"


def domain_of(organisation: str) -> str:
    """Give the invented domain of an organisation; `.example` belongs to nobody, for ever."""
    return f"{_slug(organisation, '-')}.example"


def hat_email(hat: HatPlan, people: People) -> str:
    """Give the address of a person who is offered first."""
    return email_of(hat.name, people.place_of(hat))


def choose_members(
    places: Places, region: Region, plan: PartnershipPlan, bodies: dict[tuple[str, str], tuple[str, ...]]
) -> list[str]:
    """Choose four to eight organisations: councils and a charity always, the others by chance."""
    if plan.organisations:
        return list(plan.organisations)
    chance = draw("members", plan.name)
    members = _councils(chance, region, plan)
    size = chance.choices([*places.sizes], [*places.sizes.values()])[0]
    towns = [*region.districts] if region.county in plan.areas else [*plan.areas]
    wanted = [
        Member(kind=CHARITY, weight=1),
        *sorted(places.members, key=lambda m: -(chance.random() ** (1 / m.weight))),
    ]
    for member in wanted:
        if len(members) >= max(size, 4):
            break
        near = [name for place in (*towns, region.county) for name in bodies.get((place, member.kind), ())]
        free = [name for name in near if name not in members]
        if free:
            members.append(chance.choice(free))
    return members


def _councils(chance: Random, region: Region, plan: PartnershipPlan) -> list[str]:
    county = f"{region.county} County Council"
    if region.county in plan.areas:
        return [county, chance.choice([*region.districts.values()])]
    councils = [region.towns[area] for area in plan.areas]
    if any(area in region.districts for area in plan.areas) and chance.random() < COUNTY_COUNCIL_SHARE:
        councils.append(county)
    return councils


def _areas(places: Places) -> Iterator[Area]:
    count = dict.fromkeys(CODES, 0)
    for region in places.regions:
        named = [(region.county, "county"), *((town, "unitary") for town in region.unitaries)]
        for name, kind in [*named, *((town, "district") for town in region.districts)]:
            count[kind] += 1
            yield Area(f"{CODES[kind]}{count[kind]:06d}", name, kind, region.part, region.county)


def _bodies(places: Places, region: Region) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Give the organisations of a region: place and kind -> names."""
    for kind, names in places.bodies.county.items():
        yield (region.county, kind), tuple(name.format(county=region.county) for name in names)
    for town, council in region.towns.items():
        yield (town, COUNCIL), (council,)
        charities = draw("charities", town).sample(places.charities, 2)
        if any(f"{town} Carers’ Centre" in plan.organisations for plan in region.partnerships):
            charities[0] = "{town} Carers’ Centre"
        yield (town, CHARITY), tuple(name.format(town=town) for name in charities)
        there = places.bodies.unitary if town in region.unitaries else places.bodies.district
        for kind, names in there.items():
            yield (town, kind), tuple(name.format(town=town) for name in names)


class _Naming:
    """Gives each person a name that nobody else has."""

    def __init__(self, people: People, at: datetime) -> None:
        self._people = people
        self._at = at
        self._taken = {*people.never, *(hat.name for hat in people.everyone)}

    def organisation(self, name: str, kind: str) -> Organisation:
        """Give an organisation its people: a lead, perhaps a colleague, and whoever signs off."""
        fixed = self._fixed(name, Role.LEAD)
        chance = draw("staff", name)
        count = 2 if chance.random() < COLLEAGUE_SHARE else 1
        names = [*fixed, *(self._name(chance) for _ in range(count - len(fixed)))]
        leads = tuple(self.person(lead, name) for lead in names)
        certifiers = [self.person(certifier, name) for certifier in self._fixed(name, Role.CERTIFIER)]
        return Organisation(
            id=make_id(self._at, "organisation", name),
            name=name,
            kind=kind,
            people=leads,
            contributors=tuple(self.person(helper, name) for helper in self._fixed(name, Role.CONTRIBUTOR)),
            certifier=(certifiers or leads)[-1],
        )

    def coordinator(self, partnership: str) -> Person | None:
        """Give the coordinator of the showcase; elsewhere it is somebody of its first organisation."""
        hat = self._people.coordinator
        return self.person(hat.name, partnership) if partnership == self._people.showcase else None

    def department(self) -> Organisation:
        """Give the government department: its lead alone."""
        hat = self._people.department
        name = self._people.place_of(hat)
        lead = self.person(hat.name, name)
        return Organisation(make_id(self._at, "organisation", name), name, "department", (lead,), (), lead)

    def _fixed(self, organisation: str, role: Role) -> list[str]:
        return [hat.name for hat in self._people.hats if hat.organisation == organisation and hat.role is role]

    def person(self, name: str, organisation: str) -> Person:
        """Make a person."""
        email = email_of(name, organisation)
        return Person(make_id(self._at, "person", email), name, email)

    def _name(self, chance: Random) -> str:
        while True:
            group = chance.choices(self._people.groups, [group.share for group in self._people.groups])[0]
            name = f"{_pick(chance, group.first)} {_pick(chance, group.last)}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def _pick(chance: Random, names: Sequence[str]) -> str:
    return names[chance.randrange(len(names))]


def _slug(words: str, between: str) -> str:
    plain = unicodedata.normalize("NFKD", words.replace("’", "")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9-]+", between, plain).strip(between)
