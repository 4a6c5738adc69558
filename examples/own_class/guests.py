"""A class of the host's own, merged and unmerged where it lives."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from dedupkit import CustomerMapping, execute, find_duplicates, plan_merge, undo
from dedupkit.customers import Mark
from dedupkit.ports import Change
from dedupkit.stores.callbacks import CallbackStore


@dataclass
class Guest:  # noqa: D101  # what the application has had all along; any class will do
    nr: int
    name: str
    mail: str
    merged_into: int | None = None


guests = {"1": Guest(1, "Bjørn Hansen", "bjorn@hansen.example")}
guests |= {"2": Guest(2, "Marit Lie", "marit@lie.example")}
guests |= {"3": Guest(3, "Hansen, Bjoern", "BJORN@hansen.example")}
retire = Mark("merged_into")
mapping = CustomerMapping(id="nr", name="name", email="mail", retire=retire, id_type=int)


def save(changes: list[Change]) -> None:  # noqa: D103  # the application's own way to save
    for before, after in changes:
        vars(guests[after.id]).update(mapping.changes(before, after))


store = CallbackStore(lambda ids: mapping.read_all(map(guests.get, ids)), save, None, nullcontext)
(cluster,) = find_duplicates(mapping.read_all(guests.values())).clusters
master, *duplicates = store.get(cluster.ids).values()
receipt = execute(plan_merge(master, duplicates), store, by="anna", at=datetime.now(UTC))
print("merged:", *guests.values(), sep="\n  ")
undo(receipt, store, by="anna", at=datetime.now(UTC))
print("as before:", *guests.values(), sep="\n  ")
