"""Who may see which company, partner and place. Scoping happens here and nowhere else."""
