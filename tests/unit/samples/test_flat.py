"""Registers as files: columns, cells, and the truth apart."""

import csv
import io
from datetime import UTC, date, datetime

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.samples import generate_register, write_customers, write_orders, write_truth


def rows(*customers: Customer) -> list[dict[str, str]]:
    """Return the rows of a file of customers."""
    file = io.StringIO(newline="")
    write_customers(customers, file)
    file.seek(0)
    return list(csv.DictReader(file, delimiter=";"))


class TestCustomers:
    def test_a_row_has_a_cell_a_field(self) -> None:
        """Each value stands in the column of its field, several joined, moments with their zone."""
        (row,) = rows(
            Customer(
                id="1",
                first_name='Åse; "Line"',
                other_emails=("a@b.no", "c@d.no"),
                birth_date=date(1980, 2, 29),
                groups={"b", "a"},
                consents=(Consent("newsletter", "email", ConsentState.WITHDRAWN),),
                balances=(Balance("loyalty", "points", 12), Balance("store_credit", "NOK", "1.50")),
                web_profile=WebProfile(id="w1", username="ase", verified=True),
                created_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
            )
        )
        filled = {name: cell for name, cell in row.items() if cell}
        assert filled == {
            "id": "1",
            "first_name": 'Åse; "Line"',
            "other_emails": "a@b.no|c@d.no",
            "birth_date": "1980-02-29",
            "groups": "a|b",
            "newsletter": "no",
            "balances.loyalty.points": "12",
            "balances.store_credit.NOK": "1.50",
            "web_profile.id": "w1",
            "web_profile.username": "ase",
            "web_profile.has_password": "no",
            "web_profile.active": "yes",
            "web_profile.approved_buyer": "no",
            "web_profile.verified": "yes",
            "allow_merge": "yes",
            "created_at": "2020-01-02T03:04:05+00:00",
        }

    def test_who_was_never_asked_has_an_empty_cell(self) -> None:
        """Yes, no, and nothing are three answers; other consents are none of them."""
        granted = (Consent("newsletter", "email", ConsentState.GRANTED),)
        other = (Consent("reminders", "sms", ConsentState.GRANTED),)
        answers = rows(
            Customer(id="1", email="a@b.no", consents=granted), Customer(id="2", consents=other)
        )
        assert [row["newsletter"] for row in answers] == ["yes", ""]

    def test_the_truth_is_not_in_it(self) -> None:
        """No column tells who is who."""
        register = generate_register(200, seed=4)
        table = rows(*register.customers)
        persons = set(register.truth.values())
        assert not persons.intersection(cell for row in table for cell in row.values())
        assert [row["id"] for row in table] == [card.id for card in register.customers]


class TestTruthAndOrders:
    def test_are_pairs_of_ids(self) -> None:
        """A header, and a row a card or an order."""
        register = generate_register(20, seed=4)
        truth, orders = io.StringIO(), io.StringIO()
        write_truth(register, truth)
        write_orders(register, orders)
        assert truth.getvalue().splitlines()[0] == "customer_id;person_id"
        assert truth.getvalue().splitlines()[1:] == [";".join(p) for p in register.truth.items()]
        assert orders.getvalue().splitlines()[0] == "order_id;customer_id"
        assert len(orders.getvalue().splitlines()) == 1 + len(register.rows["orders"])
