"""Files for the tools that teams use next: training, evaluation, model registries."""

__all__ = [
    "bundle",
    "evaluation_configs",
    "export_material",
    "mlflow",
    "model_card",
    "training_configs",
]
