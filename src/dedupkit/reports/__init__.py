"""Whole reports as HTML: one file, no script, nothing loaded from elsewhere."""

from dedupkit.reports.charts import size_bars, weight_histogram
from dedupkit.reports.run import ReportItem, RunReport, State

__all__ = [
    "ReportItem",
    "RunReport",
    "State",
    "size_bars",
    "weight_histogram",
]
