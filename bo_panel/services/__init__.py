"""Every write: changes, the guard that allows them, and the engine that runs them."""
