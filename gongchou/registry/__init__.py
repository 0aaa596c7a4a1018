"""两库一单: subjects, inspectors and items, dated, imported, searched and frozen as snapshots."""
