"""Stand-ins for modules that are left out."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from captag.lean import rare_collections


def output_of(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_what_is_left_out_is_imported_when_it_is_called() -> None:
    code = """
import sys
from captag.lean import lean_imports
with lean_imports():
    from scipy.special import comb
    print("scipy.special._basic" in sys.modules, comb(5, 2), "scipy.special._basic" in sys.modules)
"""
    assert output_of(code) == "False 10.0 True"


def test_torch_computes_without_what_only_its_compiler_asks() -> None:
    code = """
import sys
from captag.lean import lean_imports
with lean_imports():
    import torch
    shape = torch.empty(2, 3, device="meta").matmul(torch.empty(3, 4, device="meta")).shape
print("torch._decomp.decompositions" in sys.modules, "torch.export.dynamic_shapes" in sys.modules)
print(torch.ones(2, 3).softmax(1).sum().item(), *shape)
"""
    assert output_of(code).split() == ["False", "False", "2.0", "2", "4"]


def test_after_the_context_the_real_module_is_imported() -> None:
    code = """
from captag.lean import lean_imports
with lean_imports():
    import scipy.special
import scipy.special
print(scipy.special.comb(5, 2))
"""
    assert output_of(code) == "10.0"


def test_what_was_imported_before_stays() -> None:
    code = """
import sys
import scipy.special
from captag.lean import lean_imports
with lean_imports():
    import scipy.special, scipy.stats
print(scipy.special.comb(5, 2), "scipy.stats._stats_py" in sys.modules)
"""
    assert output_of(code) == "10.0 True"


def test_the_imports_are_as_they_were_after_an_error() -> None:
    code = """
import sys
from captag.lean import lean_imports
before = [*sys.meta_path]
try:
    with lean_imports():
        import sympy
        raise KeyError
except KeyError:
    print(sys.meta_path == before, "sympy" in sys.modules)
"""
    assert output_of(code) == "True False"


def test_marks_for_the_compiler_leave_a_function_as_it_is() -> None:
    code = """
from captag.lean import lean_imports
with lean_imports():
    import torch
    def double(x): return 2 * x
    print(torch.compiler.disable(double) is double, torch.compiler.disable()(double) is double)
"""
    assert output_of(code) == "True True"


@pytest.mark.parametrize("name", ["__version__", "__wrapped__"])
def test_a_stand_in_has_no_name_of_pythons_own(name: str) -> None:
    code = f"""
from captag.lean import lean_imports
with lean_imports():
    import sympy
    print(hasattr(sympy, {name!r}), hasattr(sympy, "Symbol"))
"""
    assert output_of(code) == "False True"


def test_transformers_does_without_several_machines_and_torch_says_what_it_can() -> None:
    code = """
from captag.lean import lean_imports
with lean_imports():
    import transformers.distributed
    import torch.distributed
    from transformers.utils import is_torch_distributed_available
    print(is_torch_distributed_available(), hasattr(torch._C, "_c10d_init"),
          torch.distributed.is_available())
"""
    told, has, says = output_of(code).split()
    assert told == "False"
    assert has == says


def test_transformers_finds_the_same_names_in_its_files() -> None:
    told = []
    for context in ("lean_transformers", "nullcontext"):
        code = f"""
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from captag.lean_transformers import lean_transformers
with {context}():
    import transformers
    from transformers.utils.import_utils import define_import_structure as structure
    found = structure(Path(transformers.__file__).parent / "models")
names = sorted((*sorted(k), m, *sorted(n)) for k, of in found.items() for m, n in of.items())
from transformers.utils.import_utils import fetch__all__
print(len(names) > 1000, fetch__all__.__name__ == "fetch__all__")
print(sha256(repr(names).encode()).hexdigest())
"""
        told.append(output_of(code).split())
    (lean, plain) = told
    assert lean[0] == "True"
    assert lean[2] == plain[2]
    assert lean[1] == plain[1] == "True"  # after the context it is transformers' own again


def test_configurations_are_described_in_brief_only_within_the_context() -> None:
    code = """
from captag.lean_transformers import lean_transformers
with lean_transformers():
    from transformers import BertConfig
    import transformers.models.bert.modeling_bert
    print("hidden_size" in repr(BertConfig()))
print("hidden_size" in repr(BertConfig()))
"""
    assert output_of(code).split() == ["False", "True"]


def test_garbage_is_looked_for_rarely_only_within_the_context() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] > 100 * before[0]
    assert gc.get_threshold() == before
