"""MODxyz: what a model file would do to whoever loads it."""

from __future__ import annotations

from typing import Any, Final

from ..core.rule import Confidence, Family, Rule, Severity

_SOURCE: Final = (
    "Do not load it. Ask its author for a safetensors, ONNX or skops file, and pin the revision."
)


def _model(
    id_: str,
    name: str,
    summary: str,
    severity: Severity,
    why: str,
    *,
    cwe: tuple[int, ...] = (502,),
    confidence: Confidence = Confidence.HIGH,
    remediation: str = _SOURCE,
    **more: Any,
) -> Rule:
    """A rule of the family; loading a model of others is what OWASP calls the supply chain."""
    kept: dict[str, Any] = {"owasp": ("LLM03:2025",), "atlas": ("AML.T0011.000", "AML.T0018.002")}
    return Rule(
        id=id_,
        name=name,
        family=Family.MODEL,
        summary=summary,
        why=why,
        remediation=remediation,
        severity=severity,
        confidence=confidence,
        cwe=cwe,
        **(kept | more),
    )


PICKLE_CODE: Final = _model(
    "MOD001",
    "pickle-runs-code",
    "Loading the file runs code",
    Severity.CRITICAL,
    (
        "A pickle is a program: it calls any function that it names while it is loaded, "
        "before anyone sees an object."
    ),
    reference="https://docs.python.org/3/library/pickle.html",
)
UNKNOWN_CALL: Final = _model(
    "MOD002",
    "pickle-unknown-call",
    "Loading the file calls a function that nobody vouches for",
    Severity.HIGH,
    (
        "The function is not one that is known to rebuild data, so what the call does is "
        "up to the package that has it."
    ),
    confidence=Confidence.MEDIUM,
)
CUSTOM_CLASS: Final = _model(
    "MOD003",
    "pickle-custom-class",
    "The file needs a class of a package that is not known, or of the script that wrote it",
    Severity.MEDIUM,
    (
        "Its module is imported and its methods run while the file is loaded: trust the "
        "author of both, or neither."
    ),
    confidence=Confidence.MEDIUM,
)
MALFORMED: Final = _model(
    "MOD004",
    "pickle-malformed",
    "The pickle is not one that a pickler writes",
    Severity.HIGH,
    (
        "Streams that readers understand differently hide calls from scanners; what "
        "stands before the error still runs."
    ),
    cwe=(502, 436),
    confidence=Confidence.MEDIUM,
    reference="https://github.com/python/cpython/issues/154848",
)
NESTED: Final = _model(
    "MOD005",
    "pickle-nested-payload",
    "A second pickle that runs code is hidden inside a value",
    Severity.CRITICAL,
    "The outer file is harmless until something loads the bytes or the encoded text inside of it.",
    cwe=(502, 506),
)
TRAVERSAL: Final = _model(
    "MOD006",
    "archive-traversal",
    "A member of the archive leads out of the folder it is unpacked to",
    Severity.HIGH,
    "Unpacking writes or reads files anywhere that the user may.",
    cwe=(22, 59),
)
BOMB: Final = _model(
    "MOD007",
    "model-bomb",
    "The file unpacks to far more than it is",
    Severity.MEDIUM,
    "Loading it fills the memory or the disk.",
    cwe=(409,),
    confidence=Confidence.MEDIUM,
)
DISAGREEMENT: Final = _model(
    "MOD008",
    "archive-disagreement",
    "The archive says two things about its members",
    Severity.HIGH,
    (
        "Local headers, directory, flags and checksums disagree: a scanner reads one "
        "file, the loader another."
    ),
    cwe=(436,),
    confidence=Confidence.MEDIUM,
)
KERAS_CODE: Final = _model(
    "MOD010",
    "keras-runs-code",
    "The Keras model holds code, or names a module outside Keras",
    Severity.CRITICAL,
    (
        "Lambda layers are Python bytecode; a `module` outside Keras is imported and "
        "called while the model is loaded."
    ),
    cwe=(94,),
    reference="https://nvd.nist.gov/vuln/detail/CVE-2025-1550",
)
TENSORFLOW_OP: Final = _model(
    "MOD011",
    "tensorflow-file-op",
    "The graph calls Python, or reads or writes files",
    Severity.HIGH,
    "TensorFlow graphs are programs: such operations run when the model is called.",
    cwe=(94,),
    reference="https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md",
)
TEMPLATE_CODE: Final = _model(
    "MOD012",
    "chat-template-injection",
    "The chat template reaches into Python",
    Severity.CRITICAL,
    (
        "Templates are rendered by Jinja; without its sandbox, `__class__` and its like "
        "run any command."
    ),
    cwe=(1336, 94),
    reference="https://nvd.nist.gov/vuln/detail/CVE-2024-34359",
)
HEADER: Final = _model(
    "MOD013",
    "tensor-header",
    "The header of the tensor file is not what the format allows",
    Severity.HIGH,
    (
        "Lengths beyond the file, overlapping tensors, keys given twice or code in the "
        "metadata are for a reader that errs."
    ),
    cwe=(20,),
    confidence=Confidence.MEDIUM,
)
MISMATCH: Final = _model(
    "MOD014",
    "model-suffix-mismatch",
    "The content of the file is not what its name promises",
    Severity.HIGH,
    "A pickle under another name passes those who look at names only; loaders look at the content.",
    cwe=(434,),
    atlas=("AML.T0074",),
    confidence=Confidence.MEDIUM,
)
EXTERNAL_DATA: Final = _model(
    "MOD015",
    "onnx-external-path",
    "The ONNX model reads data from outside its folder",
    Severity.HIGH,
    "Loading the model reads whatever file it names.",
    cwe=(22,),
)
REMOTE_CODE: Final = _model(
    "MOD016",
    "model-remote-code",
    "The configuration asks for Python code of the model's repository",
    Severity.MEDIUM,
    "With `trust_remote_code=True` the named file is downloaded, imported and run.",
    cwe=(829,),
    atlas=("AML.T0010.003",),
    remediation=(
        "Read the code, pin `revision=` to the commit that you read, or use a model of "
        "the library itself."
    ),
)
SCRIPT_CODE: Final = _model(
    "MOD017",
    "torchscript-file-op",
    "The TorchScript code reaches for files or for Python",
    Severity.HIGH,
    "TorchScript is a program; a model needs no files but its own.",
    cwe=(94,),
    confidence=Confidence.MEDIUM,
)
MARKUP: Final = _model(
    "MOD018",
    "model-markup-reads",
    "The markup of the model reads files or addresses, or holds code",
    Severity.CRITICAL,
    (
        "A reader of XML that resolves external entities opens whatever file or address they name, "
        "and puts it into the model."
    ),
    cwe=(611,),
    reference="https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing",
)
SAFER_FORMAT: Final = _model(
    "MOD020",
    "safer-format-available",
    "A pickle is there although the same model is beside it as safetensors",
    Severity.LOW,
    "Whoever loads the pickle takes a risk that the other file does not have.",
    remediation="Load the safetensors file and remove the pickle.",
)
DIGEST: Final = _model(
    "MOD021",
    "model-digest-mismatch",
    "The file is not the one whose digest is written down beside it",
    Severity.HIGH,
    "It was changed, or damaged, after the digest was made.",
    cwe=(345, 354),
    remediation="Fetch the file again from its author, and compare the digest before you load it.",
)
INCOMPLETE: Final = _model(
    "MOD090",
    "model-not-read",
    "Part of the file was not looked at",
    Severity.LOW,
    "What was not read is not known to be harmless.",
    cwe=(),
    remediation=(
        "Give the scan more time or memory, or unpack the part that it names and scan that."
    ),
)

RULES: Final = (
    PICKLE_CODE, UNKNOWN_CALL, CUSTOM_CLASS, MALFORMED, NESTED, TRAVERSAL, BOMB, DISAGREEMENT,
    KERAS_CODE, TENSORFLOW_OP, TEMPLATE_CODE, HEADER, MISMATCH, EXTERNAL_DATA, REMOTE_CODE,
    SCRIPT_CODE, MARKUP, SAFER_FORMAT, DIGEST, INCOMPLETE,
)  # fmt: skip
