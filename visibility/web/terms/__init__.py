"""What is agreed and how we work: tolerances, deadlines, hours, limits, calendars."""
