"""Files for the tools that teams use next: training, evaluation, model registries."""
