"""Find duplicate customers, plan their merge as data, execute it in your own store, undo it."""
