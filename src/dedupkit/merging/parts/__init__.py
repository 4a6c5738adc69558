"""The parts of the planner: each decides one class of fields and knows none of the others."""
