"""A Django application that keeps the registers of the benchmark, as such applications do."""
