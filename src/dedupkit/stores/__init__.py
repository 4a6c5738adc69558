"""Stores: registers that plans are executed on. Import each from its own module."""
