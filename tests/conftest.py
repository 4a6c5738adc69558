"""What every test shares: Hypothesis profiles, random order, and no outside connections."""
