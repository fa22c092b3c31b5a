"""Three tasks for the example agent, each with its own data, words, units and rubric.

`make(folder, random)` fills a folder with data files and a database drawn from `random` and
returns the task. The data differ from seed to seed; nothing about a result is written down here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

MONTHS = ["2026-07", "2026-08", "2026-09", "2026-10"]
MONTH_NAMES = {"2026-07": "July", "2026-08": "August", "2026-09": "September", "2026-10": "October"}
PEOPLE = [
    "Amara Okafor", "Lena Brandt", "Mateo Ruiz", "Yuki Tanaka", "Priya Nair", "Jonas Weber",
    "Chloe Martin", "Omar Haddad", "Ines Costa", "Noah Fischer", "Sofia Rossi", "Liam Byrne",
]


@dataclass
class Task:
    """What a user asks for, and where the data for it lie."""

    name: str
    request: str
    objective: str
    deliverables: list[str]
    constraints: list[str]
    criteria: list[str]
    table: str
    id_column: str
    group_column: str
    group: str
    other_groups: list[str]
    state: str
    month: str
    column: str  # the measure that was asked for
    twin_column: str  # its neighbour with a similar name
    divisor: int  # raw units in one reported unit
    unit: str
    measure: str  # the measure's name in words
    folder: str  # where the monthly factor files lie
    factor_file: str  # file name pattern with {month}
    factor_key: str
    product_unit: str
    product: str  # what total × factor is called
    lookup_id: int
    lookup_sql: str  # with {id}
    person: str  # what the person looked up is called


def _ids(random: Random, count: int) -> list[int]:
    return sorted(random.sample(range(1001, 1999), count))


def _fill(
    folder: Path, random: Random, *, table: str, id_column: str, group_column: str,
    groups: list[str], states: list[str], columns: tuple[str, str], scale: tuple[int, int],
) -> tuple[str, str, str, int]:
    """Creates the database; returns the month, group and state asked for and one id among them."""
    month, group, state = random.choice(MONTHS[1:]), random.choice(groups), states[0]
    database = sqlite3.connect(folder / "data.db")
    database.execute(
        f"CREATE TABLE {table} ({id_column} INTEGER PRIMARY KEY, {group_column} TEXT, month TEXT,"
        f" status TEXT, {columns[0]} INTEGER, {columns[1]} INTEGER, owner_id INTEGER)"
    )
    database.execute("CREATE TABLE owners (owner_id INTEGER PRIMARY KEY, name TEXT, email TEXT)")
    names = random.sample(PEOPLE, len(PEOPLE))
    for owner_id, name in enumerate(names, start=1):
        email = f"{name.lower().replace(' ', '.')}@example.com"
        database.execute("INSERT INTO owners VALUES (?, ?, ?)", (owner_id, name, email))
    ids = _ids(random, 60)
    wanted = set(random.sample(ids, random.randint(4, 8)))
    for number, row_id in enumerate(ids):
        if row_id in wanted:
            row = (group, month, state)
        else:
            row = (random.choice(groups), random.choice(MONTHS), random.choice(states))
        first = random.randrange(*scale)
        second = int(first * random.uniform(1.07, 1.31))
        owner = number % len(names) + 1
        database.execute(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row_id, *row, first, second, owner),
        )
    database.commit()
    database.close()
    return month, group, state, random.choice(sorted(wanted))


def _write_factors(
    folder: Path, random: Random, name: str, pattern: str, key: str, low: float, high: float
) -> None:
    (folder / name).mkdir()
    for month in MONTHS:
        factor = {"month": month, key: round(random.uniform(low, high), 4)}
        path = folder / name / pattern.format(month=month)
        path.write_text(json.dumps(factor), encoding="utf-8")


def refunds(folder: Path, random: Random) -> Task:
    """A shop's refunds of one region and month."""
    groups = ["EMEA", "APAC", "LATAM", "NORAM"]
    month, group, state, lookup = _fill(
        folder, random, table="orders", id_column="order_id", group_column="region", groups=groups,
        states=["refunded", "shipped", "cancelled"], columns=("net_cents", "gross_cents"),
        scale=(1_900, 64_000),
    )
    _write_factors(folder, random, "rates", "eur_chf_{month}.json", "chf_per_eur", 0.92, 0.99)
    when = f"{MONTH_NAMES[month]} 2026"
    return Task(
        name="Monthly refund report",
        request=(
            f"Please report the refunded orders of region {group} for {when} ({month}): list every "
            f"refunded order with its net amount in EUR, give the total net amount in EUR, convert "
            f"the total to CHF with the {when} rate, and tell me name and e-mail of the customer "
            f"of order {lookup}. Write it to report.md."
        ),
        objective=f"Report the refunded orders of region {group} for {when} with net amounts in EUR.",
        deliverables=["report.md with every refunded order and the total"],
        constraints=[
            "Use net amounts, not gross amounts.",
            "Amounts are given in EUR with 2 decimals.",
            f"Use the exchange rate of {when}.",
        ],
        criteria=[
            f"Only orders of region {group} are included.",
            f"Name and e-mail of the customer of order {lookup} are given.",
        ],
        table="orders", id_column="order_id", group_column="region", group=group,
        other_groups=[g for g in groups if g != group], state=state, month=month,
        column="net_cents", twin_column="gross_cents", divisor=100, unit="EUR",
        measure="net amount", folder="rates", factor_file="eur_chf_{month}.json",
        factor_key="chf_per_eur", product_unit="CHF", product="total in CHF", lookup_id=lookup,
        lookup_sql=(
            "SELECT o.order_id, w.name, w.email FROM orders o JOIN owners w USING (owner_id)"
            " WHERE o.order_id = {id}"
        ),
        person="customer",
    )


def energy(folder: Path, random: Random) -> Task:
    """The power use of a site's meters in one month."""
    groups = ["Hamburg", "Leipzig", "Aachen", "Rostock"]
    month, group, state, lookup = _fill(
        folder, random, table="readings", id_column="meter_id", group_column="site", groups=groups,
        states=["verified", "estimated", "rejected"], columns=("active_wh", "reactive_varh"),
        scale=(210_000, 9_400_000),
    )
    _write_factors(folder, random, "factors", "grid_{month}.json", "kg_co2_per_kwh", 0.31, 0.42)
    when = f"{MONTH_NAMES[month]} 2026"
    return Task(
        name="Site energy report",
        request=(
            f"I need the energy report of site {group} for {when} ({month}). Take the verified "
            f"readings only, list the active energy of each meter in kWh, sum them up in kWh, and "
            f"multiply with the grid factor of {when} for the emissions in kg CO2. Also say who is "
            f"responsible for meter {lookup}, with e-mail address. The report goes to report.md."
        ),
        objective=f"Report the verified active energy of site {group} in {when} in kWh.",
        deliverables=["report.md listing all verified meters with their active energy"],
        constraints=[
            "Energy is active energy in kWh with 2 decimals.",
            f"Use the grid factor of {when}.",
            "Do not include estimated or rejected readings.",
        ],
        criteria=[
            f"Only meters of site {group} are listed.",
            f"The person responsible for meter {lookup} is named.",
        ],
        table="readings", id_column="meter_id", group_column="site", group=group,
        other_groups=[g for g in groups if g != group], state=state, month=month,
        column="active_wh", twin_column="reactive_varh", divisor=1000, unit="kWh",
        measure="active energy", folder="factors", factor_file="grid_{month}.json",
        factor_key="kg_co2_per_kwh", product_unit="kg CO2", product="emissions",
        lookup_id=lookup,
        lookup_sql=(
            "SELECT r.meter_id, w.name, w.email FROM readings r, owners w"
            " WHERE w.owner_id = r.owner_id AND r.meter_id = {id}"
        ),
        person="person responsible",
    )


def expenses(folder: Path, random: Random) -> Task:
    """The approved travel claims of a department."""
    groups = ["Research", "Sales", "Legal", "Operations"]
    month, group, state, lookup = _fill(
        folder, random, table="claims", id_column="claim_no", group_column="department",
        groups=groups, states=["approved", "draft", "declined"],
        columns=("approved_cents", "requested_cents"), scale=(4_500, 310_000),
    )
    _write_factors(folder, random, "allocation", "overhead-{month}.json", "overhead_rate", 0.11, 0.24)
    when = f"{MONTH_NAMES[month]} 2026"
    return Task(
        name="Travel expense summary",
        request=(
            f"Summarise the approved travel claims of the {group} department, {when} ({month}). For "
            f"each claim give the approved amount in USD (not what was requested), then the sum of "
            f"approved amounts in USD and the overhead on it at the {when} overhead rate. I also "
            f"need the name and e-mail of the traveller of claim {lookup}. Put all in report.md."
        ),
        objective=f"Summarise the approved travel claims of {group} for {when} in USD.",
        deliverables=["report.md with each approved claim and the sum"],
        constraints=[
            "Amounts are the approved amounts, in USD with 2 decimals.",
            f"Use the overhead rate of {when}.",
            "The status of every claim in the report is approved.",
        ],
        criteria=[
            f"All claims belong to the {group} department.",
            f"The traveller of claim {lookup} is given with e-mail.",
        ],
        table="claims", id_column="claim_no", group_column="department", group=group,
        other_groups=[g for g in groups if g != group], state=state, month=month,
        column="approved_cents", twin_column="requested_cents", divisor=100, unit="USD",
        measure="approved amount", folder="allocation", factor_file="overhead-{month}.json",
        factor_key="overhead_rate", product_unit="USD", product="overhead", lookup_id=lookup,
        lookup_sql=(
            "SELECT c.claim_no, w.name, w.email FROM claims c JOIN owners w USING (owner_id)"
            " WHERE c.claim_no = {id}"
        ),
        person="traveller",
    )


TASKS: list[Callable[[Path, Random], Task]] = [refunds, energy, expenses]
