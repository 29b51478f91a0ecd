"""The plugin contract, and the host that compiles what plugins declare."""
