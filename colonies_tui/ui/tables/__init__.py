"""What the rows of each list are and how they look: a frozen line per row, and the columns that turn it into cells."""
