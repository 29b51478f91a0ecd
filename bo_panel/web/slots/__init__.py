"""What plugins draw on the pages."""
