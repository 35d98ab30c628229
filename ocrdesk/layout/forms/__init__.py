"""Forms: labels and what belongs to them."""
