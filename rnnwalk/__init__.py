"""rnnwalk: see every number inside a recurrent network.

>>> import rnnwalk
>>> rnnwalk.walk("hello")["h_2[1]"]
<Quantity h_2[1] (The new hidden state) 1×1: [[0.936534]]>
"""

from typing import TYPE_CHECKING, Any

from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.walks.quantity import Quantity
    from rnnwalk.walks.walk import Walk, walk

__version__ = "0.2.0"
__all__ = ["InputError", "Quantity", "Walk", "__version__", "walk"]


def __getattr__(name: str) -> Any:
    """Quantity, Walk and walk, imported when they are first asked for: the command line's help needs no numpy."""
    if name in ("Quantity", "Walk", "walk"):
        import importlib

        return getattr(importlib.import_module(f"rnnwalk.walks.{'quantity' if name == 'Quantity' else 'walk'}"), name)
    raise AttributeError(f"module 'rnnwalk' has no attribute '{name}'")
