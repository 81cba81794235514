"""rnnwalk: see every number inside a recurrent network.

>>> import rnnwalk
>>> rnnwalk.walk("hello")["h_2[1]"]
<Quantity h_2[1] (The new hidden state) 1×1: [[0.936534]]>
"""

from typing import TYPE_CHECKING, Any

from rnnwalk.errors import InputError

if TYPE_CHECKING:
    from rnnwalk.objects import Quantity, Walk, compare, gradient_flow, walk

__version__ = "0.2.0"
__all__ = ["InputError", "Quantity", "Walk", "__version__", "compare", "gradient_flow", "walk"]


def __getattr__(name: str) -> Any:
    """What objects.py holds, imported when it is first asked for: the command line's help needs no numpy."""
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("rnnwalk.objects"), name)
    raise AttributeError(f"module 'rnnwalk' has no attribute '{name}'")
