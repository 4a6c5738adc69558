"""The published kit: what hosts prove their own matchers, resolvers and stores with."""
