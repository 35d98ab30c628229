"""The searchable archive of recognised text on this computer."""
