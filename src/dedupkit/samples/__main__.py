"""``python -m dedupkit.samples OUT.csv``: a register as a file, its truth as another."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from dedupkit.errors import ConfigurationError
from dedupkit.samples.flat import write_customers, write_orders, write_truth
from dedupkit.samples.register import DIFFICULTIES, generate_register
from dedupkit.samples.tables import COUNTRIES


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files that the command line asks for.

    Raises:
        SystemExit: the command line is wrong (2).
    """
    parser = ArgumentParser(prog="python -m dedupkit.samples", description=__doc__)
    parser.add_argument("out", type=Path, help="CSV of the customers: ';', UTF-8 with BOM")
    parser.add_argument("--size", type=int, default=2400, help="number of cards (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="any whole number (%(default)s)")
    parser.add_argument(
        "--countries", default=",".join(COUNTRIES), help="codes, with commas (%(default)s)"
    )
    parser.add_argument("--difficulty", choices=tuple(DIFFICULTIES), default="medium")
    parser.add_argument("--truth", type=Path, help="CSV of customer and person")
    parser.add_argument("--orders", type=Path, help="CSV of order and customer")
    options = parser.parse_args(arguments)
    try:
        register = generate_register(
            options.size,
            seed=options.seed,
            countries=options.countries.split(","),
            difficulty=options.difficulty,
        )
    except ConfigurationError as error:
        parser.error(str(error))
    with options.out.open("w", encoding="utf-8-sig", newline="") as file:
        write_customers(register.customers, file)
    for path, write in ((options.truth, write_truth), (options.orders, write_orders)):
        if path:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                write(register, file)


if __name__ == "__main__":
    main()
