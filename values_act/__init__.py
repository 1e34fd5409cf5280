"""The California Values Act as executable law: hypothetical cases in, reasoned decisions out."""

__version__ = "0.1.0"
