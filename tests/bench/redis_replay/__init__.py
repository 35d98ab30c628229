"""Records the Redis commands of a real worker and api, and replays them as many workers at once."""
